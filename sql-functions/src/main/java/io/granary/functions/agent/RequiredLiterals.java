package io.granary.functions.agent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which texts a string must hold for a regular expression to have a chance: a list of sets, and of each set at least one
 * text occurs, in any case of its letters, in every string in which the expression finds something. It errs on the safe
 * side: where the syntax is more than it knows, it asks for nothing.
 */
final class RequiredLiterals {
    private static final int VARIANTS = 32;
    private static final int ALTERNATIVES = 512;
    private static final int CLAUSES = 4;
    /** Characters that are rare enough to be asked for alone. */
    private static final String RARE = "|@<>{}[]~$=&*!?#\"'";

    /**
     * What a part of an expression says.
     *
     * @param exact all that it can match, in small letters; null when that is too much to list
     * @param needs sets as above; empty when {@code exact} is not null
     */
    private record Part(Set<String> exact, List<Set<String>> needs) {
        static final Part ANYTHING = new Part(null, List.of());
        static final Part EMPTY = new Part(Set.of(""), List.of());

        List<Set<String>> clauses() {
            if (exact == null) {
                return needs;
            }
            return isTelling(exact) ? List.of(exact) : List.of();
        }

        private static boolean isTelling(Set<String> texts) {
            return texts.stream().allMatch(t -> t.length() > 1 || t.length() == 1 && RARE.contains(t));
        }
    }

    private static final class Unknown extends Exception {}

    private static final Comparator<Set<String>> BY_SHORTEST = Comparator.comparingInt(
            texts -> -texts.stream().mapToInt(String::length).min().orElse(0));

    private final String regex;
    private int at;

    private RequiredLiterals(String regex) {
        this.regex = regex;
    }

    /** The sets, the most telling first; empty when nothing is known, so that the expression must always be tried. */
    static List<Set<String>> of(String regex) {
        try {
            RequiredLiterals reader = new RequiredLiterals(regex);
            Part whole = reader.alternation();
            if (reader.at < regex.length()) {
                return List.of();
            }
            return whole.clauses().stream()
                    .distinct()
                    .sorted(BY_SHORTEST)
                    .limit(CLAUSES)
                    .toList();
        } catch (Unknown e) {
            return List.of();
        }
    }

    private Part alternation() throws Unknown {
        List<Part> parts = new ArrayList<>(List.of(sequence()));
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            parts.add(sequence());
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        boolean isExact = parts.stream().allMatch(p -> p.exact() != null);
        Set<String> all = new HashSet<>();
        for (Part part : parts) {
            List<Set<String>> clauses = isExact ? List.of(part.exact()) : part.clauses();
            if (clauses.isEmpty()) {
                return Part.ANYTHING;
            }
            all.addAll(clauses.stream().min(BY_SHORTEST).orElseThrow());
        }
        if (all.size() > ALTERNATIVES) {
            return Part.ANYTHING;
        }
        return isExact ? new Part(all, List.of()) : new Part(null, List.of(all));
    }

    private Part sequence() throws Unknown {
        List<Set<String>> needs = new ArrayList<>();
        Set<String> run = Set.of("");
        boolean isExact = true;
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            Part part = repeated(atom());
            Set<String> longer = part.exact() == null ? null : joined(run, part.exact());
            if (longer != null) {
                run = longer;
                continue;
            }
            isExact = false;
            needs.addAll(new Part(run, List.of()).clauses());
            needs.addAll(part.exact() == null ? part.needs() : List.of());
            run = part.exact() == null ? Set.of("") : part.exact();
        }
        if (isExact) {
            return new Part(run, List.of());
        }
        needs.addAll(new Part(run, List.of()).clauses());
        return new Part(null, List.copyOf(needs));
    }

    /** Null when these are too many. */
    private static Set<String> joined(Set<String> heads, Set<String> tails) {
        if (heads.size() * tails.size() > VARIANTS) {
            return null;
        }
        Set<String> all = new HashSet<>();
        heads.forEach(head -> tails.forEach(tail -> all.add(head + tail)));
        return all;
    }

    private Part repeated(Part part) throws Unknown {
        if (at >= regex.length() || "?*+{".indexOf(regex.charAt(at)) < 0) {
            return part;
        }
        char quantifier = regex.charAt(at++);
        int least = quantifier == '+' ? 1 : 0;
        if (quantifier == '{') {
            int close = regex.indexOf('}', at);
            String from = close < 0 ? "" : regex.substring(at, close).replaceFirst(",.*", "");
            if (!from.matches("\\d{1,6}")) {
                throw new Unknown();
            }
            least = Integer.parseInt(from);
            at = close + 1;
        }
        if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
            at++;
        }
        if (quantifier == '?' && part.exact() != null) {
            Set<String> withNothing = new HashSet<>(part.exact());
            withNothing.add("");
            return new Part(withNothing, List.of());
        }
        return least == 0 ? Part.ANYTHING : new Part(null, part.clauses());
    }

    private Part atom() throws Unknown {
        char c = regex.charAt(at++);
        return switch (c) {
            case '^', '$' -> Part.EMPTY;
            case '.' -> Part.ANYTHING;
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escaped();
            case '?', '*', '+', '{' -> throw new Unknown();
            default -> literal(c);
        };
    }

    private static Part literal(char c) {
        return c < 128 ? new Part(Set.of(String.valueOf(c).toLowerCase(Locale.ROOT)), List.of()) : Part.ANYTHING;
    }

    private Part escaped() throws Unknown {
        if (at >= regex.length()) {
            throw new Unknown();
        }
        char c = regex.charAt(at++);
        if (!Character.isLetterOrDigit(c)) {
            return literal(c);
        }
        return switch (c) {
            case 'd', 'D', 'w', 'W', 's', 'S' -> Part.ANYTHING;
            case 'b', 'B', 'A', 'z', 'Z' -> Part.EMPTY;
            case 't' -> literal('\t');
            default -> throw new Unknown();
        };
    }

    /** What a look-around asks for is left out: it takes no characters. */
    private Part group() throws Unknown {
        boolean takesNothing = false;
        if (regex.startsWith("?:", at)) {
            at += 2;
        } else if (regex.startsWith("?=", at) || regex.startsWith("?!", at)) {
            at += 2;
            takesNothing = true;
        } else if (regex.startsWith("?<=", at) || regex.startsWith("?<!", at)) {
            at += 3;
            takesNothing = true;
        } else if (regex.startsWith("?", at)) {
            throw new Unknown();
        }
        Part inside = alternation();
        if (at >= regex.length()) {
            throw new Unknown();
        }
        at++;
        return takesNothing ? Part.EMPTY : inside;
    }

    /** A class of few characters is each of them; any other one is anything. */
    private Part characterClass() throws Unknown {
        Set<String> characters = new HashSet<>();
        boolean isList = true;
        for (int first = at; at < regex.length(); at++) {
            char c = regex.charAt(at);
            if (c == ']' && at > first && (at > first + 1 || regex.charAt(first) != '^')) {
                at++;
                return isList ? new Part(characters, List.of()) : Part.ANYTHING;
            }
            boolean isEscaped = c == '\\';
            if (isEscaped && ++at >= regex.length() || c == '[' || c == '&' || c == ']') {
                throw new Unknown();
            }
            c = regex.charAt(at);
            isList &= c < 128
                    && (isEscaped ? !Character.isLetterOrDigit(c) : c != '-' && (c != '^' || at > first))
                    && characters.size() < 8;
            characters.add(String.valueOf(c).toLowerCase(Locale.ROOT));
        }
        throw new Unknown();
    }
}
