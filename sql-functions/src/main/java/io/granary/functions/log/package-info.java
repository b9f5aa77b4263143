/** Lines of logs in SQL: chunks split into lines, lines read by their source's format, on UTF-8 bytes. */
package io.granary.functions.log;
