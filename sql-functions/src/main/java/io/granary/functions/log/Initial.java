package io.granary.functions.log;

import scala.runtime.AbstractFunction1;

/** Code that fills a variable of a generated class once per task. */
public final class Initial extends AbstractFunction1<String, String> {
    private final String value;

    /** @param value a Java expression */
    public Initial(String value) {
        this.value = value;
    }

    @Override
    public String apply(String variable) {
        return variable + " = " + value + ";";
    }
}
