package io.granary.warehouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.log.format.FormatException;
import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.log.format.LineFormat.Style;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What format strings compile to, and what they are refused for. */
class LineFormatTest {
    private static final String COMBINED = "client_ip string, user_name string, event_at timestamp, method string,"
            + " url string, protocol string, status int, bytes bigint, referrer string, user_agent string";

    @Test
    void theSameLineHasTheSameColumnsInApacheAndNginx() {
        assertThat(columns("combined")).isEqualTo(COMBINED);
        assertThat(columns("%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\""))
                .isEqualTo(COMBINED);
        assertThat(columns("$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                        + " \"$http_referer\" \"$http_user_agent\""))
                .isEqualTo(COMBINED);
        assertThat(columns("common")).isEqualTo(COMBINED.substring(0, COMBINED.indexOf(", referrer")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "%v:%p %a %t %m %U %H %>s %O %D %T %{X-Forwarded-For}i %{Content-Type}o %{sid}C"
                        + " ~ server_name string, server_port int, client_ip string, event_at timestamp, method string,"
                        + " url_path string, protocol string, status int, bytes_sent bigint, request_micros bigint,"
                        + " request_seconds double, http_x_forwarded_for string, sent_http_content_type string,"
                        + " cookie_sid string",
                "%{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t%{%z}t %!200,304s %<s~",
                "%!200,304>s %{%F %T}t %{us}T 100%% ~ status int, event_at timestamp, request_micros bigint",
                "$msec $request_time $upstream_response_time ${http_x_real_ip} $time_iso8601 $ssl_protocol"
                        + " ~ event_at timestamp, request_seconds double, upstream_response_time string,"
                        + " http_x_real_ip string, time_iso8601 timestamp, ssl_protocol string",
                "w3c: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-win32-status time-taken"
                        + " cs(User-Agent) cs(X-A) x-edge ~ event_at timestamp, client_ip string, method string,"
                        + " url_path string, query string, status int, sc_win32_status bigint, time_taken double,"
                        + " user_agent string, http_x_a string, x_edge string",
                "json(at): at timestamp required, tags array<struct<a:int,b:decimal(3,1)>>, p decimal(12, 2), `Id` int"
                        + " ~ at timestamp, tags array<struct<a:int,b:decimal(3,1)>>, p decimal(12, 2), Id int",
            })
    void columnsByRule(String format, String columns) {
        if (columns == null) {
            assertThatThrownBy(() -> LineFormat.of(format)).hasMessageContaining("status, which is there already");
        } else {
            assertThat(columns(format)).isEqualTo(columns);
        }
    }

    @Test
    void nginxSaysHowItEscapes() {
        assertThat(LineFormat.of("escape=json {\"at\":\"$time_iso8601\",\"n\":$status}")
                        .style())
                .isEqualTo(Style.JSON_ESCAPED);
        assertThat(LineFormat.of("escape=none $msec $status").style()).isEqualTo(Style.RAW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "csv ~ format 'csv' is unknown ~ known formats: combined, common, json, w3c",
                "%h %t %Z ~ directive %Z is unknown ~ %{strftime}t, %h, %a",
                "%h %t %{x}Z ~ directive %{x}Z is unknown ~ %{NAME}i",
                "%h %t 5% ~ has a % that begins no directive ~ write %%",
                "%h %{%I}t ~ the time %{%I}t has %I ~ known: %Y",
                "$remote_adr $msec ~ variable $remote_adr is unknown ~ did you mean $remote_addr?",
                "$remote_addr$status $msec ~ nothing stands between $remote_addr and $status ~ put a blank",
                "%h%u %t ~ nothing stands between %h and %u ~ put a blank",
                "$remote_addr $status ~ the format has no time ~ $time_local",
                "%h \"%r\" ~ the format has no time ~ add %t",
                "$request $msec ~ $request is followed by a blank ~ put it in quotes: \"$request\"",
                "%t %h %a ~ %a gives the column client_ip, which is there already ~ once",
                "escape=yaml $msec ~ escape=yaml is unknown ~ escape=json",
                "w3c: time c-ip ~ has no field date ~ w3c: date time",
                "w3c: date c-ip ~ the field date and no field time ~ add time",
                "w3c: date time c_ip! ~ field c_ip! is unknown ~ cs(HEADER)",
                "json: a whatever ~ column 'a' has type 'whatever' ~ types: string",
                "json: a ~ 'a' is no column ~ NAME TYPE",
                "json: a int, a int ~ column 'a' is there twice ~ once",
                "json(b): a int ~ the time of the event is 'b' ~ columns: a",
            })
    void refusesInWords(String format, String what, String hint) {
        assertThatThrownBy(() -> LineFormat.of(format)).isInstanceOfSatisfying(FormatException.class, e -> {
            assertThat(e.what()).contains(what);
            assertThat(e.hint()).contains(hint);
        });
    }

    private static String columns(String format) {
        return LineFormat.of(format).columns().stream()
                .map(c -> c.name() + " " + c.type())
                .collect(Collectors.joining(", "));
    }
}
