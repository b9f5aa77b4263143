package io.granary.functions.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequiredLiteralsTest {
    @Test
    void tellsWhatAMatchMustHold() {
        assertThat(RequiredLiterals.of("Googlebot\\/")).containsExactly(Set.of("googlebot/"));
        assertThat(RequiredLiterals.of("^[wW]get$")).containsExactly(Set.of("wget"));
        assertThat(RequiredLiterals.of("Ahrefs(Bot|SiteAudit)"))
                .containsExactly(Set.of("ahrefsbot", "ahrefssiteaudit"));
        assertThat(RequiredLiterals.of("ab+cd")).isEqualTo(List.of(Set.of("cd")));
        assertThat(RequiredLiterals.of("(?:abc)+\\d{1,3}xy?z{2}")).containsExactly(Set.of("abc"));
        assertThat(RequiredLiterals.of("news(?!sapphire)|(?<! cu)bots?\\b"))
                .containsExactly(Set.of("news", "bot", "bots"));
        assertThat(RequiredLiterals.of("Build.{0,5}Mobile")).containsExactly(Set.of("mobile"), Set.of("build"));
    }

    @Test
    void asksForNothingWhereNothingIsSure() {
        for (String regex : List.of(
                "",
                "a",
                "[a-z]+",
                "(abc)?",
                "(abc|)",
                "(abc)*",
                "(abc){0,2}",
                "abc|\\d",
                "^[^ ]{50,}$",
                "[^a]",
                "(?i)abc",
                "\\x41bc",
                "(?<n>abc)",
                "[[ab]]cd",
                "[^]x]",
                "\\Qabc\\E")) {
            assertThat(RequiredLiterals.of(regex)).as(regex).isEmpty();
        }
    }
}
