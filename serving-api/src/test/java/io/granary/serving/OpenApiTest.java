package io.granary.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
    @TempDir
    Path home;

    @Test
    void routesAndSpecAgree() throws Exception {
        try (Installation installation = new Installation(home)) {
            TreeMap<String, Set<String>> routes = new TreeMap<>();
            installation.server.routes().forEach(route -> routes.put(route.path(), new TreeSet<>(route.parameters())));
            TreeMap<String, Set<String>> spec = new TreeMap<>();
            OpenApi.SPEC.path("paths").fields().forEachRemaining(path -> {
                assertThat(path.getValue().fieldNames())
                        .toIterable()
                        .as(path.getKey())
                        .containsExactly("get");
                spec.put(path.getKey(), queryParameters(path.getValue().path("get")));
            });
            assertThat(spec).isEqualTo(routes);
        }
    }

    @Test
    void everyReferenceOfTheSpecLeadsSomewhere() {
        assertThat(OpenApi.SPEC.findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(ref -> assertThat(OpenApi.SPEC.at(ref.substring(1)).isMissingNode())
                        .as(ref)
                        .isFalse());
    }

    private static Set<String> queryParameters(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode resolved = parameter.has("$ref")
                    ? OpenApi.SPEC.at(parameter.path("$ref").asText().substring(1))
                    : parameter;
            if (resolved.path("in").asText().equals("query")) {
                names.add(resolved.path("name").asText());
            }
        }
        return names;
    }
}
