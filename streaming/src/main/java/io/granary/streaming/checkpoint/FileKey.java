package io.granary.streaming.checkpoint;

import java.io.Serializable;

/** A generation of a file of a host. */
public record FileKey(String region, String host, String file) implements Serializable {}
