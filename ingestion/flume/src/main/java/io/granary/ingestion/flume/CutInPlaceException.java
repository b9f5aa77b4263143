package io.granary.ingestion.flume;

import java.io.IOException;

/** The bytes before the offset are no longer those that were read: somebody cut the file in place (copytruncate). */
final class CutInPlaceException extends IOException {
    CutInPlaceException(String message) {
        super(message);
    }
}
