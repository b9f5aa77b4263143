package io.granary.functions.agent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many regular expressions in an order, of which the first that finds something is wanted. The result is that of trying
 * one after the other; the work is one pass over the text for the literals that they need ({@link RequiredLiterals}) and
 * a try of the few that are left.
 */
final class PatternSet {
    /** What the caller makes of an expression that found something; null means that the next ones are tried. */
    interface Reading<R> {
        R of(int index, Matcher match);
    }

    private final List<Pattern> patterns;
    private final LiteralAutomaton automaton;
    /** For each literal, the clauses that it fulfils. */
    private final int[][] clausesOf;
    /** For each clause, its pattern; clauses of a pattern must all be fulfilled. */
    private final int[] patternOf;

    private final byte[] clauseCount;
    private final BitSet always = new BitSet();

    PatternSet(List<Pattern> patterns) {
        this.patterns = List.copyOf(patterns);
        this.clauseCount = new byte[patterns.size()];
        Map<String, List<Integer>> byLiteral = new LinkedHashMap<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            List<Set<String>> clauses = RequiredLiterals.of(patterns.get(i).pattern());
            clauseCount[i] = (byte) clauses.size();
            always.set(i, clauses.isEmpty());
            for (Set<String> clause : clauses) {
                int number = owners.size();
                owners.add(i);
                clause.forEach(literal -> byLiteral
                        .computeIfAbsent(literal, l -> new ArrayList<>())
                        .add(number));
            }
        }
        patternOf = owners.stream().mapToInt(Integer::intValue).toArray();
        automaton = new LiteralAutomaton(List.copyOf(byLiteral.keySet()));
        clausesOf = byLiteral.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /** Null when no expression finds anything that {@code reading} takes. */
    <R> R first(String text, Reading<R> reading) {
        BitSet candidates = candidates(text);
        for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
            Matcher match = patterns.get(i).matcher(text);
            R read = match.find() ? reading.of(i, match) : null;
            if (read != null) {
                return read;
            }
        }
        return null;
    }

    List<Pattern> patterns() {
        return patterns;
    }

    /** How many must be tried on every text. */
    int alwaysTried() {
        return always.cardinality();
    }

    private BitSet candidates(String text) {
        BitSet candidates = (BitSet) always.clone();
        BitSet seen = new BitSet(clausesOf.length);
        BitSet fulfilled = new BitSet(patternOf.length);
        byte[] left = clauseCount.clone();
        automaton.scan(text, literal -> {
            if (seen.get(literal)) {
                return;
            }
            seen.set(literal);
            for (int clause : clausesOf[literal]) {
                if (!fulfilled.get(clause)) {
                    fulfilled.set(clause);
                    if (--left[patternOf[clause]] == 0) {
                        candidates.set(patternOf[clause]);
                    }
                }
            }
        });
        return candidates;
    }
}
