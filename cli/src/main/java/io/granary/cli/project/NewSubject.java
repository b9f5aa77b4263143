package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A subject that holds nothing yet. */
record NewSubject(Path project, String name, String owner) {
    private static final String YAML = """
            # A subject: what one team knows about and answers for. This folder is all there is to it:
            #   sources/<source>.yaml            what comes in: log files, or a table of a database
            #   models/<layer>/<table>.sql+yaml  what is made from it: dim, dwd, dws, ads
            #   counters/<counter>.yaml          numbers in real time, over a streamable dwd model
            #   exports/<export>.yaml            ads tables that go to the sharing layer
            #   reports/<report>.yaml            pages for the business teams, over an export
            # Names are lower-case letters, digits and underscores. `granary compile` checks everything at once.
            name: {name}    # as the folder
            owner: {owner}    # who is asked when a number is wrong
            description: {description}
            cadence: daily
            time_zone: UTC    # in which the days of this subject begin, such as Asia/Shanghai
            alert_group: {name}    # who is told when a build fails
            """;

    List<Path> write() {
        if (!name.matches(NewFiles.NAME)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "'" + name + "' is no subject's name: lower-case letters, digits and single underscores, beginning"
                            + " with a letter, such as support or web_shop");
        }
        if (!Files.isDirectory(project)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "there is no folder " + project + ". Make it, or name another with --project.");
        }
        String text = YAML.replace("{name}", name)
                .replace("{owner}", NewFiles.yaml(owner))
                .replace("{description}", "What " + name + " is about, in one sentence.");
        return new NewFiles(Map.of(project.resolve("subjects").resolve(name).resolve("subject.yaml"), text)).write();
    }
}
