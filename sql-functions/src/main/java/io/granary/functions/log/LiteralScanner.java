package io.granary.functions.log;

import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.log.format.LineFormat.Style;
import io.granary.warehouse.log.format.Slot;
import io.granary.warehouse.log.format.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Slots between the literals of a format of Apache or nginx. */
final class LiteralScanner extends SlotScanner {
    private static final int QUOTED = 0;
    private static final int WORD = 1;
    private static final int LAST_WORD = 2;
    private static final int REST = 3;
    private static final int TEXT = 4;

    private final byte[] head;
    private final byte[][] after;
    private final int[] endings;
    private final int[] inner;
    private final boolean[] isBracketed;
    private final boolean[] isNumber;
    private final boolean[] opensNoBracket;
    private final boolean isEmptyMissing;

    LiteralScanner(LineFormat format) {
        super(format.slots().size());
        List<Slot> slots = format.slots();
        head = format.head().getBytes(StandardCharsets.UTF_8);
        after = new byte[slots.size()][];
        endings = new int[slots.size()];
        inner = new int[slots.size()];
        isBracketed = new boolean[slots.size()];
        isNumber = new boolean[slots.size()];
        opensNoBracket = new boolean[slots.size()];
        isEmptyMissing = format.style() == Style.ESCAPED;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            after[i] = slot.after().getBytes(StandardCharsets.UTF_8);
            endings[i] = ending(slot, i == slots.size() - 1, format.style());
            inner[i] = slot.inner();
            isBracketed[i] = slot.before().endsWith("[");
            isNumber[i] = slot.kind().isNumber();
            opensNoBracket[i] = slots.stream()
                    .skip(i + 1L)
                    .anyMatch(s -> s.kind() == ValueKind.TIME && s.before().endsWith("["));
        }
    }

    private static int ending(Slot slot, boolean isLast, Style style) {
        if (slot.isQuoted() && style != Style.RAW) {
            return QUOTED;
        }
        if (isLast && slot.after().isEmpty()) {
            return slot.kind() == ValueKind.TEXT || slot.kind() == ValueKind.TIME ? REST : LAST_WORD;
        }
        boolean inBrackets = slot.before().endsWith("[") && slot.after().startsWith("]");
        return inBrackets || slot.isWord() && slot.inner() == 0 ? WORD : TEXT;
    }

    @Override
    void find(byte[] line, int begin, int end, int last) {
        if (!Bytes.startsWith(line, begin, end, head)) {
            fail(Fault.MISSING, 0);
            return;
        }
        int p = begin + head.length;
        for (int i = 0; i <= last; i++) {
            from[i] = p;
            if (endings[i] != QUOTED && !begins(line, p, end, i)) {
                fail(Fault.MISSING, i);
                return;
            }
            p = end(line, p, end, i);
            if (p < 0) {
                return;
            }
            to[i] = p;
            reached = i + 1;
            if (endings[i] != QUOTED && p == from[i] && isEmptyMissing) {
                reached = i;
                fail(Fault.MISSING, i);
                return;
            }
            if (i == last && i + 1 < after.length) {
                return;
            }
            if (!Bytes.startsWith(line, p, end, after[i])) {
                follow(line, p, end, i);
                return;
            }
            p += after[i].length;
        }
        if (p < end) {
            fail(Fault.TRAILING, p);
        }
    }

    /** Whether a slot without quotes may begin so. */
    private boolean begins(byte[] line, int p, int end, int slot) {
        return p >= end || line[p] != '"' && (line[p] != '[' || !opensNoBracket[slot]);
    }

    /** The end of a slot; -1 when there is none. */
    private int end(byte[] line, int p, int end, int slot) {
        switch (endings[slot]) {
            case QUOTED:
                int quote = LogText.closingQuote(line, p, end);
                if (quote < 0) {
                    fail(Fault.UNCLOSED, slot);
                }
                return quote;
            case WORD:
                int stop = Bytes.indexOf(line, after[slot][0], p, end);
                if (stop == end && !(isNumber[slot] && slot > 0)) {
                    fail(isBracketed[slot] ? Fault.UNCLOSED : Fault.MISSING, slot);
                    return -1;
                }
                return stop;
            case LAST_WORD:
                return Bytes.indexOf(line, (byte) ' ', p, end);
            case REST:
                return end;
            default:
                return literal(line, p, end, slot);
        }
    }

    private int literal(byte[] line, int p, int end, int slot) {
        int stop = p - 1;
        for (int i = 0; i <= inner[slot]; i++) {
            stop = Bytes.indexOf(line, after[slot], stop + 1, end);
            if (stop < 0) {
                if (isBracketed[slot]) {
                    fail(Fault.UNCLOSED, slot);
                } else {
                    fail(Fault.MISSING, slot == 0 || slot + 1 == after.length ? slot : slot + 1);
                }
                return -1;
            }
        }
        return stop;
    }

    /** The literal behind a slot is not there. */
    private void follow(byte[] line, int p, int end, int slot) {
        if (slot + 1 < after.length) {
            fail(Fault.MISSING, slot + 1);
        } else if (p < end) {
            fail(Fault.TRAILING, p);
        } else {
            fail(Fault.UNCLOSED, slot);
        }
    }
}
