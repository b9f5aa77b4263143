package io.granary.ingestion.sync;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.select.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The nodes a command is to work on, by name or by selector. */
public record Chosen(List<String> names, String select) {
    public Chosen {
        names = names == null ? List.of() : List.copyOf(names);
        if (names.isEmpty() == (select == null || select.isBlank())) {
            throw new GranaryException(
                    ErrorCode.USAGE, "name what to run, such as trade.order, or choose with --select subject:trade");
        }
    }

    /**
     * Nodes of one kind, each once.
     *
     * @param kind what people call it, such as {@code jdbc source}
     * @throws GranaryException when a name is of no such node, or nothing is chosen
     */
    public <T> List<T> of(Manifest manifest, String kind, List<T> known, Function<T, String> id) {
        Map<String, T> byId = known.stream().collect(Collectors.toMap(id, n -> n));
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : names) {
            for (String found : Selector.parse(name).ids(manifest)) {
                if (!byId.containsKey(found)) {
                    throw new GranaryException(
                            ErrorCode.USAGE,
                            name + " is " + found + ", no " + kind + "; there are: "
                                    + String.join(", ", byId.keySet()));
                }
                chosen.add(found);
            }
        }
        if (names.isEmpty()) {
            chosen.addAll(Selector.parse(select).ids(manifest));
        }
        List<T> nodes = new ArrayList<>();
        chosen.stream().filter(byId::containsKey).forEach(i -> nodes.add(byId.get(i)));
        if (nodes.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "'" + select + "' chooses no " + kind + "; there are: " + String.join(", ", byId.keySet()));
        }
        return nodes;
    }
}
