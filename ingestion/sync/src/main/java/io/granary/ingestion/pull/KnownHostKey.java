package io.granary.ingestion.pull;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import io.granary.warehouse.text.Digests;
import java.security.MessageDigest;
import java.util.Base64;

/** The one key that a server may show, by its fingerprint. */
final class KnownHostKey implements HostKeyRepository {
    private final String fingerprint;
    private String foreign;

    /** @param fingerprint {@code SHA256:…} */
    KnownHostKey(String fingerprint) {
        this.fingerprint = fingerprint.replaceAll("=+$", "");
    }

    /** Fingerprint of the key that was shown instead; null when none was. */
    String foreign() {
        return foreign;
    }

    @Override
    public int check(String host, byte[] key) {
        byte[] sum = Digests.digest("SHA-256").digest(key);
        String shown = "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sum);
        if (MessageDigest.isEqual(
                shown.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                fingerprint.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            return OK;
        }
        foreign = shown;
        return CHANGED;
    }

    @Override
    public void add(HostKey hostkey, UserInfo ui) {
        throw new UnsupportedOperationException("keys are known by the profile only");
    }

    @Override
    public void remove(String host, String type) {}

    @Override
    public void remove(String host, String type, byte[] key) {}

    @Override
    public String getKnownHostsRepositoryID() {
        return "profile";
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String host, String type) {
        return new HostKey[0];
    }
}
