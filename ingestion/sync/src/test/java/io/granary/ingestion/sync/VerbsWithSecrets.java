package io.granary.ingestion.sync;

import io.granary.ingestion.pull.PullCommand;
import io.granary.ingestion.sync.export.ExportCommand;
import io.granary.ingestion.upload.UploadCommand;
import io.granary.warehouse.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The verbs that need a secret one after the other in one process: with the right secrets, then with wrong ones. */
final class VerbsWithSecrets {
    private static final String DS = "2026-11-01";

    private VerbsWithSecrets() {}

    /** @param args home */
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        run(home, "right");
        try (Stream<Path> secrets = Files.list(home.resolve("secrets"))) {
            for (Path secret : secrets.toList()) {
                Files.writeString(secret, "wrong-" + Files.readString(secret));
            }
        }
        run(home, "wrong");
    }

    private static void run(Path home, String secrets) {
        Object[][] verbs = {
            {"sync", new SyncCommand(), "trade.canary"},
            {"export table", new ExportCommand(), "trade.to_table"},
            {"export redis", new ExportCommand(), "trade.to_redis"},
            {"pull ftp", new PullCommand(), "files.canary_ftp"},
            {"pull http", new PullCommand(), "files.canary_http"},
            {"upload", new UploadCommand(), "files.canary_given"}
        };
        for (Object[] verb : verbs) {
            List<String> arguments = verb[0].equals("upload")
                    ? List.of((String) verb[2], home.resolve("given.csv").toString(), "--ds", DS)
                    : List.of((String) verb[2], "--ds", DS);
            int code = Commands.run(
                    verb[1],
                    Stream.concat(arguments.stream(), Stream.of("--home", home.toString()))
                            .toArray(String[]::new));
            System.out.println(secrets + " " + verb[0] + ": " + code);
        }
    }
}
