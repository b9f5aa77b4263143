package io.granary.ingestion.sync.transform;

import io.granary.ingestion.sync.job.Transformer;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/** The parameters of one transformer, checked. */
record Parameters(Transformer transformer) {
    static Parameters of(Transformer transformer, int count) {
        int found = transformer.parameter().paras().size();
        if (found != count) {
            throw refused(transformer, "has " + found + " paras; it takes " + count);
        }
        return new Parameters(transformer);
    }

    String text(int at) {
        return transformer.parameter().paras().get(at);
    }

    int position(int at, String what) {
        String value = text(at);
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(transformer, what + " is '" + value + "', no whole number");
        }
        throw refused(transformer, what + " is " + value + "; it is at least 0");
    }

    GranaryException refused(String reason) {
        return refused(transformer, reason);
    }

    private static GranaryException refused(Transformer transformer, String reason) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                transformer.name() + " of column " + transformer.parameter().columnIndex() + ": " + reason);
    }
}
