package io.granary.functions.url;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.functions.RandomTexts;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {
    private static final List<String> PIECES = List.of(
            "http",
            "https",
            "HTTP",
            "://",
            ":",
            "/",
            "//",
            "a",
            "Example.COM",
            "user@",
            "u:p@",
            ":8080",
            "[::1]",
            "?",
            "?q=1",
            "&",
            "=",
            "x=y",
            "#",
            "#f",
            "%41",
            "%C3%A9",
            "%E9",
            "%zz",
            "%4",
            "%",
            "+",
            ".",
            "..",
            "a b",
            "é",
            ";",
            "mailto:",
            "1",
            "-");

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "/a/b?c=d,                        /a/b, c=d,  NULL",
                "/a,                              /a,   NULL, NULL",
                "/a?,                             /a,   '',   NULL",
                "/a?b?c=d#e?f,                    /a,   b?c=d, NULL",
                "//cdn/x,                         //cdn/x, NULL, NULL",
                "https://Www.Example.com:8443/p?q, /p,  q,    www.example.com",
                "http://u:p@h@e.org?x=/y,         '',   x=/y, e.org",
                "http://[2001:DB8::1]:80/,        /,    NULL, [2001:db8::1]",
                "android-app://com.google.mail/,  /,    NULL, com.google.mail",
                "file:///etc/hosts,               /etc/hosts, NULL, NULL",
                "mailto:a@b.c?subject=x,          NULL, NULL, NULL",
                "about:blank,                     NULL, NULL, NULL",
                "example.com:443,                 NULL, NULL, NULL",
                "*,                               *,    NULL, NULL",
                "a.php?x=http://h/,               a.php, x=http://h/, NULL",
                "'',                              '',   NULL, NULL"
            })
    void tellsThePartsOfAUrl(String url, String path, String query, String host) {
        assertThat(text(Urls.path(utf8(url)))).isEqualTo(path);
        assertThat(text(Urls.query(utf8(url)))).isEqualTo(query);
        assertThat(text(Urls.host(utf8(url)))).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "/s?q=red+shoes&q=2,          q,    red shoes",
                "/s?q=%E4%BD%A0%E5%A5%BD,     q,    你好",
                "/s?a=1&b,                    b,    ''",
                "/s?a=1&b,                    c,    NULL",
                "/s?a=1&&=x&b=2=3,            b,    2=3",
                "/s?a=1&&=x,                  '',   x",
                "/s?%61%62=1,                 ab,   1",
                "/s?a%3Db=1,                  a=b,  1",
                "/s?a=100%&b=%4g&c=%4,        a,    100%",
                "/s?a=100%&b=%4g&c=%4,        b,    %4g",
                "/s?a=100%&b=%4g&c=%4,        c,    %4",
                "/s?a=%E9+x,                  a,    %E9+x",
                "/s#?a=1,                     a,    NULL",
                "http://h/?u=http%3A%2F%2Fx%2F%3Fy%3D1#z, u, http://x/?y=1",
                "mailto:x?a=1,                a,    NULL"
            })
    void findsAParameter(String url, String name, String value) {
        assertThat(text(Urls.parameter(utf8(url), utf8(name)))).isEqualTo(value);
    }

    @Test
    void listsTheParametersInTheirOrder() {
        assertThat(parameters("/s?b=2&a=%31&b=3&c&&%zz=+"))
                .containsExactly(Map.entry("b", "2"), Map.entry("a", "1"), Map.entry("c", ""), Map.entry("%zz", " "));
        assertThat(parameters("/s")).isEmpty();
        assertThat(parameters("/s?")).isEmpty();
    }

    /** Where java.net.URI takes a URL, it must tell the same parts of it. */
    @Test
    void isAsJavaNetUri() {
        AtomicInteger compared = new AtomicInteger();
        RandomTexts.of(PIECES, 9, 1, 60_000).distinct().forEach(url -> {
            URI uri = uri(url);
            boolean isTarget = url.startsWith("//");
            if (uri == null || isTarget) {
                return;
            }
            compared.incrementAndGet();
            assertThat(text(Urls.path(utf8(url)))).as(url).isEqualTo(uri.getRawPath());
            assertThat(text(Urls.query(utf8(url)))).as(url).isEqualTo(uri.getRawQuery());
            if (uri.getHost() != null) {
                assertThat(text(Urls.host(utf8(url))))
                        .as(url)
                        .isEqualTo(uri.getHost().toLowerCase(Locale.ROOT));
            }
        });
        assertThat(compared).hasValueGreaterThan(4_000);
    }

    /** Splitting, and java.net.URLDecoder for each text that it takes and that is UTF-8; to it %+a is an escape. */
    @Test
    void decodesAsJavaNetUrlDecoder() {
        RandomTexts.of(PIECES, 9, 2, 40_000)
                .filter(text -> !text.matches(".*(#|%[+-]).*"))
                .forEach(query -> {
                    Map<String, String> expected = new LinkedHashMap<>();
                    for (String pair : query.split("&")) {
                        int equals = pair.indexOf('=');
                        if (!pair.isEmpty()) {
                            expected.putIfAbsent(
                                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                                    decoded(equals < 0 ? "" : pair.substring(equals + 1)));
                        }
                    }
                    Map<String, String> found = parameters("/p?" + query);
                    if (expected.values().stream().noneMatch(UrlsTest::isUnknown)
                            && expected.keySet().stream().noneMatch(UrlsTest::isUnknown)) {
                        assertThat(found).as(query).isEqualTo(expected);
                    }
                    found.forEach((name, value) -> assertThat(text(Urls.parameter(utf8("/p?" + query), utf8(name))))
                            .as(query + " " + name)
                            .isEqualTo(value));
                });
    }

    @Test
    void takesAnyBytes() {
        RandomTexts.bytes(3, 50_000).forEach(url -> {
            Urls.path(url);
            Urls.query(url);
            Urls.host(url);
            Urls.parameter(url, url);
            Urls.parameters(UTF8String.concat(utf8("?"), url));
        });
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "\uFFFD";
        }
    }

    private static boolean isUnknown(String decoded) {
        return decoded.contains("\uFFFD");
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Map<String, String> parameters(String url) {
        MapData map = Urls.parameters(utf8(url));
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < map.numElements(); i++) {
            all.put(
                    map.keyArray().getUTF8String(i).toString(),
                    map.valueArray().getUTF8String(i).toString());
        }
        return all;
    }

    private static UTF8String utf8(String text) {
        return UTF8String.fromString(text);
    }

    private static String text(UTF8String text) {
        return text == null ? null : text.toString();
    }
}
