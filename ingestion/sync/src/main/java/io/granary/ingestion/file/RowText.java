package io.granary.ingestion.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/** Takes rows out of text: which cell is which column, and what is NULL; not what type it has. */
interface RowText {
    /** Stands where bytes are no characters of the encoding; no text holds it, since it is none. */
    char UNREADABLE = '\uffff';

    /** Takes what is read. */
    interface Rows {
        /**
         * A row.
         *
         * @param line where it begins, from 1
         * @param cells in the order of the declared columns; null for NULL
         */
        void row(long line, String[] cells);

        /** A line that is no row. */
        void refused(long line, String text, String reason);

        /** Something in the file that is not taken, such as {@code key 'x'}; told once. */
        void ignored(String what);
    }

    /** @param name what people know the content by */
    void read(String name, InputStream in, Rows rows) throws IOException;

    /** Characters of the encoding, without a byte order mark. */
    static Reader characters(InputStream in, Charset charset) throws IOException {
        CharsetDecoder decoder = charset.newDecoder()
                .replaceWith(String.valueOf(UNREADABLE))
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        Reader reader = new java.io.BufferedReader(new InputStreamReader(in, decoder), 1 << 16);
        reader.mark(1);
        if (reader.read() != '\ufeff') {
            reader.reset();
        }
        return reader;
    }
}
