package io.granary.warehouse.text;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums; as text they are hexadecimal digits in lower case, a text's is that of its UTF-8 bytes. */
public final class Digests {
    private static final int SHORT_BYTES = 8;

    private Digests() {}

    /** @param algorithm one that every Java has: {@code SHA-256}, {@code SHA-1} or {@code MD5} */
    public static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    /** The 32 bytes of a SHA-256. */
    public static byte[] sha256(byte[] content) {
        return digest("SHA-256").digest(content);
    }

    /** SHA-256, 64 digits. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The first eight bytes of the SHA-256 of a part of {@code content}, 16 digits: enough to tell a few million apart. */
    public static String shortSha256(byte[] content, int offset, int length) {
        MessageDigest digest = digest("SHA-256");
        digest.update(content, offset, length);
        return HexFormat.of().formatHex(digest.digest(), 0, SHORT_BYTES);
    }

    /** The first 16 digits of {@link #sha256(String)}. */
    public static String shortSha256(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return shortSha256(content, 0, content.length);
    }

    /** The first eight bytes of the SHA-256 as a number, the highest byte first. */
    public static long sha256Number(byte[] content) {
        return ByteBuffer.wrap(sha256(content)).getLong();
    }

    /**
     * The sum of a file's content.
     *
     * @throws GranaryException when the file cannot be read
     */
    public static String of(Path file, String algorithm) {
        MessageDigest digest = digest(algorithm);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + file + ": " + e, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
