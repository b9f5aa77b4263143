package io.granary.functions.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Valid JSON objects with the fields a to g of {@link LineRowsInSqlTest}, and others, in any order. */
final class RandomJson {
    private static final String CHARACTERS = "abc XYZ09,:{}[]äß汉😀'/";

    private RandomJson() {}

    static String object(Random random) {
        List<String> members = new ArrayList<>();
        add(members, random, "a", text(random));
        add(members, random, "b", Long.toString(random.nextLong() >> random.nextInt(64)));
        add(members, random, "c", number(random));
        add(members, random, "d", Boolean.toString(random.nextBoolean()));
        add(members, random, "e", time(random));
        add(members, random, "f", "[" + random.nextInt(9) + blank(random) + "," + random.nextInt(9) + "]");
        add(members, random, "g", "{\"y\":" + random.nextInt(9) + ",\"x\":" + text(random) + ",\"z\":[{}]}");
        add(members, random, "other", "[{\"a\":" + text(random) + "}," + number(random) + ",null,[]]");
        Collections.shuffle(members, random);
        return blank(random) + "{" + String.join(blank(random) + "," + blank(random), members) + "}" + blank(random);
    }

    private static void add(List<String> members, Random random, String name, String value) {
        if (random.nextInt(6) > 0) {
            members.add("\"" + name + "\"" + blank(random) + ":" + blank(random)
                    + (random.nextInt(8) == 0 ? "null" : value));
        }
    }

    private static String blank(Random random) {
        return random.nextInt(5) == 0 ? " \t".substring(random.nextInt(2)) : "";
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("\"");
        int[] characters = CHARACTERS.codePoints().toArray();
        for (int i = random.nextInt(20); i > 0; i--) {
            int c = characters[random.nextInt(characters.length)];
            switch (random.nextInt(12)) {
                case 0 -> text.append("\\n");
                case 1 -> text.append("\\\"");
                case 2 -> text.append("\\\\");
                case 3 -> {
                    for (char unit : Character.toChars(c)) {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                    }
                }
                default -> text.appendCodePoint(c);
            }
        }
        return text.append('"').toString();
    }

    private static String number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Double.toString(random.nextGaussian() * 1e6);
            case 2 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            default -> String.format(Locale.ROOT, "%.3f", random.nextDouble() * 1000);
        };
    }

    private static String time(Random random) {
        String zone = List.of("Z", "+00:00", "-05:30", "").get(random.nextInt(4));
        String fraction = List.of("", ".1", ".123", ".123456").get(random.nextInt(4));
        return String.format(
                Locale.ROOT,
                "\"%04d-%02d-%02dT%02d:%02d:%02d%s%s\"",
                1970 + random.nextInt(100),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                fraction,
                zone);
    }
}
