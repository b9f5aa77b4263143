package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords made up for this state folder, readable by its owner only. */
record Secrets(Home home) {
    /** The password of that name, made at the first call. */
    String password(String name) {
        Path file = home.secrets().resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(
                        home.secrets(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                byte[] random = new byte[16];
                new SecureRandom().nextBytes(random);
                Path part = Files.createTempFile(home.secrets(), name, ".part");
                Files.writeString(part, HexFormat.of().formatHex(random) + "\n");
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot keep a password in " + file + ": " + e, e);
        }
    }
}
