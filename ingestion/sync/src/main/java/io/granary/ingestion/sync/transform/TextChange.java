package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.job.Transformer;
import io.granary.warehouse.text.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Makes another text of a value. Positions count UTF-16 units, as in DataX. */
@FunctionalInterface
interface TextChange {
    /** A value that cannot be changed so: the row is dirty. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /** The new text; null stays, or becomes, NULL. */
    String change(String value);

    static TextChange of(Transformer transformer) {
        return switch (transformer.name()) {
            case "dx_substr" -> substr(Parameters.of(transformer, 2));
            case "dx_pad" -> pad(Parameters.of(transformer, 3));
            case "dx_replace" -> replace(Parameters.of(transformer, 3));
            case "dx_digest" -> digest(Parameters.of(transformer, 2));
            default -> throw new IllegalArgumentException(transformer.name() + " makes no text");
        };
    }

    private static TextChange substr(Parameters parameters) {
        int start = parameters.position(0, "startIndex");
        int length = parameters.position(1, "length");
        return value -> {
            if (value == null) {
                return null;
            }
            checkStart("dx_substr", start, value);
            return value.substring(start, end(start, length, value));
        };
    }

    /** NULL is padded like the empty text. */
    private static TextChange pad(Parameters parameters) {
        String side = parameters.text(0).toLowerCase(Locale.ROOT);
        if (!side.equals("l") && !side.equals("r")) {
            throw parameters.refused("first para is '" + parameters.text(0) + "'; supported: l, r");
        }
        int length = parameters.position(1, "length");
        String with = parameters.text(2);
        if (with.isEmpty()) {
            throw parameters.refused("the text to pad with is empty");
        }
        return value -> {
            String text = value == null ? "" : value;
            if (length <= text.length()) {
                return text.substring(0, length);
            }
            int missing = length - text.length();
            String padding = with.repeat(missing / with.length()) + with.substring(0, missing % with.length());
            return side.equals("l") ? padding + text : text + padding;
        };
    }

    private static TextChange replace(Parameters parameters) {
        int start = parameters.position(0, "startIndex");
        int length = parameters.position(1, "length");
        String with = parameters.text(2);
        return value -> {
            if (value == null) {
                return null;
            }
            checkStart("dx_replace", start, value);
            return value.substring(0, start) + with + value.substring(end(start, length, value));
        };
    }

    /** NULL has the digest of the empty text. */
    private static TextChange digest(Parameters parameters) {
        String algorithm = switch (parameters.text(0).toLowerCase(Locale.ROOT)) {
            case "md5" -> "MD5";
            case "sha1" -> "SHA-1";
            default -> throw parameters.refused("first para is '" + parameters.text(0) + "'; supported: md5, sha1");
        };
        boolean upper = switch (parameters.text(1).toLowerCase(Locale.ROOT)) {
            case "touppercase" -> true;
            case "tolowercase" -> false;
            default ->
                throw parameters.refused(
                        "second para is '" + parameters.text(1) + "'; supported: toUpperCase, toLowerCase");
        };
        HexFormat hex = upper ? HexFormat.of().withUpperCase() : HexFormat.of();
        return value -> hex.formatHex(
                Digests.digest(algorithm).digest((value == null ? "" : value).getBytes(StandardCharsets.UTF_8)));
    }

    private static void checkStart(String name, int start, String value) {
        if (start > value.length()) {
            throw new Refused(name + " startIndex(" + start + ") out of range(" + value.length() + ")");
        }
    }

    private static int end(int start, int length, String value) {
        return (int) Math.min((long) start + length, value.length());
    }
}
