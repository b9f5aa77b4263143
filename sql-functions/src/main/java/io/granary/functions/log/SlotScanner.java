package io.granary.functions.log;

import io.granary.warehouse.log.format.LineFormat;
import io.granary.warehouse.log.format.LineFormat.Style;

/** Finds where the slots of a line of text begin and end. */
abstract class SlotScanner {
    /** How the text of a line differs from its format. */
    enum Fault {
        NONE,
        /** A slot, or what stands in front of it, is not there. */
        MISSING,
        /** A slot has no end. */
        UNCLOSED,
        /** Text follows the last slot. */
        TRAILING
    }

    /** Bounds of each slot, of which {@link #reached} are known. */
    final int[] from;

    final int[] to;
    int reached;
    Fault fault;

    /** Slot with the fault, or where the text begins that is too much. */
    int at;

    SlotScanner(int slots) {
        from = new int[slots];
        to = new int[slots];
    }

    static SlotScanner of(LineFormat format) {
        return format.style() == Style.W3C ? new W3cScanner(format) : new LiteralScanner(format);
    }

    /**
     * Scans a line up to the end of a slot.
     *
     * @param last the slot; of the last one of the format what follows it is looked at too
     */
    final void scan(byte[] line, int begin, int end, int last) {
        reached = 0;
        fault = Fault.NONE;
        find(line, begin, end, last);
    }

    abstract void find(byte[] line, int begin, int end, int last);

    final void fail(Fault what, int where) {
        fault = what;
        at = where;
    }
}
