/** Changing SQL texts by Spark's own grammar: parameters, tables. */
package io.granary.functions.grammar;
