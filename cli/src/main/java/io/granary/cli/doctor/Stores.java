package io.granary.cli.doctor;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the stores of the profile answer at their addresses. */
record Stores(CommonOptions options, Duration patience) {
    private static final List<String> ALL = List.of("fs", "metastore", "sql", "kafka", "redis", "share");
    private static final String LOCAL =
            "granary status tells what runs, granary up starts it, granary logs shows why it ended";
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):(\\d{1,5})");

    List<Finding> findings() {
        Profile profile;
        try {
            profile = options.profile();
        } catch (GranaryException e) {
            return missing(e);
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("profile", profile.name() + ", region " + profile.region()));
        findings.add(check("fs", profile::fs));
        findings.add(check("metastore", profile::metastore));
        findings.add(check("sql", profile::sql));
        findings.add(check("kafka", profile::kafka));
        findings.add(check("redis", profile::redis));
        findings.add(check("share", () -> {
            Connection share = profile.share();
            return share.host() + ":" + share.port();
        }));
        return isDown(findings) ? List.of(findings.get(0), down(findings)) : findings;
    }

    /** Whether it is one trouble, not six: a local cluster of which nothing runs. */
    private static boolean isDown(List<Finding> findings) {
        return findings.stream()
                .skip(1)
                .allMatch(f -> f.state() == Finding.State.WRONG && f.remedy().equals(LOCAL));
    }

    private static Finding down(List<Finding> findings) {
        List<String> names = findings.stream().skip(1).map(Finding::what).toList();
        return Finding.wrong(
                "stores",
                "no cluster runs: none of " + String.join(", ", names) + " answers on this machine",
                "granary up");
    }

    private static List<Finding> missing(GranaryException e) {
        if (e.code() == io.granary.warehouse.error.ErrorCode.NOT_FOUND) {
            return List.of(Finding.unknown(
                    "stores",
                    "no cluster: there is no profile, so " + String.join(", ", ALL) + " were not looked at",
                    "granary up starts one on this machine; --profile FILE names a real one"));
        }
        return List.of(Finding.wrong("profile", e.getMessage(), "docs/contracts.md, section 3, has one that works"));
    }

    private Finding check(String store, Supplier<String> address) {
        String value;
        try {
            value = address.get();
        } catch (GranaryException e) {
            return Finding.wrong(store, e.getMessage(), "");
        }
        if (value.startsWith("file:")) {
            Path folder = Path.of(URI.create(value.replaceFirst("^file:/*", "file:///")));
            return Files.isDirectory(folder)
                    ? Finding.ok(store, folder + " is a folder")
                    : Finding.wrong(
                            store, folder + " is no folder", "make it, or correct " + store + " in the profile");
        }
        List<String> tried = new ArrayList<>();
        List<String> dead = new ArrayList<>();
        Matcher addresses = ADDRESS.matcher(withoutUser(value));
        while (addresses.find()) {
            String at = addresses.group();
            tried.add(at);
            connect(addresses.group(1), Integer.parseInt(addresses.group(2)))
                    .ifPresent(why -> dead.add(at + " " + why));
        }
        if (tried.isEmpty()) {
            return Finding.unknown(
                    store,
                    withoutUser(value) + " names no host:port, so nothing was tried",
                    "a logical name (such as an HDFS name service) is resolved by the client's own settings");
        }
        if (dead.isEmpty()) {
            return Finding.ok(store, String.join(", ", tried) + " answers");
        }
        String remedy = value.contains("127.0.0.1") || value.contains("localhost")
                ? LOCAL
                : "is it up, and is the address in the profile right? A firewall may be between";
        return dead.size() < tried.size()
                ? Finding.warn(store, String.join("; ", dead) + "; the others answer", remedy)
                : Finding.wrong(store, String.join("; ", dead), remedy);
    }

    /** A password in an address is not shown. */
    private static String withoutUser(String address) {
        return address.replaceFirst("//[^/@]*@", "//");
    }

    private Optional<String> connect(String host, int port) {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
            if (address.isUnresolved()) {
                return Optional.of("is no known host");
            }
            socket.connect(address, (int) patience.toMillis());
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(
                    e instanceof java.net.SocketTimeoutException
                            ? "does not answer within " + patience.toSeconds() + " s"
                            : "refuses: " + e.getMessage());
        }
    }
}
