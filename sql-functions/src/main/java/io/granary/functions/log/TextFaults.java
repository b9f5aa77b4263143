package io.granary.functions.log;

import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.log.format.Slot;
import java.util.List;

/** What is wrong with a line of text, in words. */
final class TextFaults {
    private TextFaults() {}

    /** The value of a slot is not of its kind. */
    static String value(LineFormat format, int slot, TimeReader time, byte[] line, SlotScanner scanner) {
        Slot at = format.slots().get(slot);
        String expected = switch (at.kind()) {
            case TIME -> "of the form " + time.form();
            case DATE -> "with its time of the form 2015-05-17 10:05:03";
            case STATUS -> "a number of three digits";
            case DOUBLE -> "a number";
            default -> "a number";
        };
        return at.label() + " is not " + expected + ": " + LogText.shown(line, scanner.from[slot], scanner.to[slot]);
    }

    /** The line is not of the form of its format. */
    static String line(LineFormat format, SlotScanner scanner, byte[] line, int end) {
        List<Slot> slots = format.slots();
        if (scanner.fault == SlotScanner.Fault.TRAILING) {
            String name = format.name().isEmpty() ? "its" : "the " + format.name();
            return "text after the " + slots.get(slots.size() - 1).label() + ", where a line of " + name
                    + " format ends: " + LogText.shown(line, scanner.at, end);
        }
        Slot slot = slots.get(scanner.at);
        boolean isBracketed = slot.before().endsWith("[");
        if (scanner.fault == SlotScanner.Fault.UNCLOSED) {
            return slot.label() + " has no closing " + (isBracketed ? "bracket" : "quote");
        }
        return slot.label() + (slot.isQuoted() ? " in quotes" : isBracketed ? " in [brackets]" : "") + " is missing";
    }
}
