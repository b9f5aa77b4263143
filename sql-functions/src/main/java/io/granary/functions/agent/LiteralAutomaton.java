package io.granary.functions.agent;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * Finds all of many texts in one pass over a string, whatever the case of its ASCII letters: the automaton of Aho and
 * Corasick ("Efficient string matching", 1975) with all its transitions spelled out.
 */
final class LiteralAutomaton {
    /** Called for each end of a text in the string; a text that occurs twice comes twice. */
    interface Found {
        void literal(int index);
    }

    private static final int[] NONE = {};

    /** Column of each ASCII character; 0 is that of all characters that no text holds. */
    private final byte[] columns = new byte[128];

    private final int width;
    private char[] next;
    private int[][] found;
    private int states = 1;

    /** @param literals not empty texts of ASCII characters, in small letters */
    LiteralAutomaton(List<String> literals) {
        int used = 0;
        for (String literal : literals) {
            for (int i = 0; i < literal.length(); i++) {
                char c = literal.charAt(i);
                if (columns[c] == 0) {
                    columns[c] = (byte) ++used;
                }
            }
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            columns[c] = columns[Character.toLowerCase(c)];
        }
        width = used + 1;
        int most = 1 + literals.stream().mapToInt(String::length).sum();
        next = new char[most * width];
        found = new int[most][];
        Arrays.fill(found, NONE);
        for (int i = 0; i < literals.size(); i++) {
            add(literals.get(i), i);
        }
        next = Arrays.copyOf(next, states * width);
        found = Arrays.copyOf(found, states);
        complete();
    }

    void scan(String text, Found into) {
        int state = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            state = next[state * width + (c < 128 ? columns[c] : 0)];
            for (int literal : found[state]) {
                into.literal(literal);
            }
        }
    }

    private void add(String literal, int index) {
        int state = 0;
        for (int i = 0; i < literal.length(); i++) {
            int edge = state * width + columns[literal.charAt(i)];
            if (next[edge] == 0) {
                if (states > Character.MAX_VALUE) {
                    throw new IllegalStateException(
                            "more than 65535 states are needed for the texts of these patterns");
                }
                next[edge] = (char) states++;
            }
            state = next[edge];
        }
        found[state] = with(found[state], new int[] {index});
    }

    /** Gives each state, from short to long, the transitions and finds of its longest true suffix. */
    private void complete() {
        int[] suffix = new int[states];
        Queue<Integer> queue = new ArrayDeque<>(List.of(0));
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (int column = 0; column < width; column++) {
                int child = next[state * width + column];
                int fallback = state == 0 ? 0 : next[suffix[state] * width + column];
                if (child == 0) {
                    next[state * width + column] = (char) fallback;
                } else {
                    suffix[child] = fallback;
                    found[child] = with(found[child], found[fallback]);
                    queue.add(child);
                }
            }
        }
    }

    private static int[] with(int[] some, int[] more) {
        if (some.length == 0 || more.length == 0) {
            return some.length == 0 ? more : some;
        }
        return IntStream.concat(IntStream.of(some), IntStream.of(more))
                .distinct()
                .toArray();
    }
}
