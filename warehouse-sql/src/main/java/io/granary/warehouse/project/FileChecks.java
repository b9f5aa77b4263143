package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.FileFetch;
import java.nio.charset.Charset;
import java.util.List;

/** What the schema cannot tell of a source whose rows are in files. */
record FileChecks(FileSource source, Problems problems) {

    void check() {
        columns();
        if (source.fetch().csv() != null) {
            csv(source.fetch().csv());
        }
        if (source.format().equals("json") && source.origin().values().containsKey("/csv")) {
            report("/csv", "csv is given for format json", "Leave it out: a line is a JSON object in UTF-8.");
        }
        if (source.fetch().path() != null) {
            path();
        }
    }

    private void columns() {
        List<ColumnNode> columns = source.columns();
        for (int i = 0; i < columns.size(); i++) {
            String type = columns.get(i).type();
            if (columns.get(i).name().equals("ds")) {
                report("/columns/" + i + "/name", "column 'ds' is the partition's", "Name it otherwise.");
            }
            if (type.contains("<")) {
                report(
                        "/columns/" + i + "/type",
                        "column '" + columns.get(i).name() + "' is " + type,
                        "A file's value has a simple type; declare it as string and take it apart in a model.");
            }
        }
    }

    private void csv(FileFetch.Csv csv) {
        if (csv.delimiter().equals(csv.quote())) {
            report("/csv/delimiter", "delimiter and quote are the same '" + csv.quote() + "'", "Choose another one.");
        }
        if ("\r\n".contains(csv.delimiter()) || "\r\n".contains(csv.quote())) {
            report("/csv", "delimiter or quote is an end of line", "Choose another one.");
        }
        try {
            Charset.forName(csv.encoding());
        } catch (IllegalArgumentException e) {
            report("/csv/encoding", "encoding is '" + csv.encoding() + "'", "Such as UTF-8, GB18030 or ISO-8859-1.");
        }
    }

    private void path() {
        String path = source.fetch().path();
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        if (folder.contains("*") || folder.contains("?")) {
            report("/path", "path is '" + path + "'", "* and ? may stand in the last name only.");
        }
        if (List.of(path.split("/")).contains("..")) {
            report("/path", "path is '" + path + "'", "It goes down from / only: leave out '..'.");
        }
        boolean listed =
                source.fetch().complete() != null && source.fetch().complete().manifest() != null;
        if (source.type().equals("http") && !listed && (path.contains("*") || path.contains("?"))) {
            report(
                    "/path",
                    "path is '" + path + "'",
                    "An HTTP server lists no files: name the one, or complete: {manifest: …} that lists them.");
        }
    }

    private void report(String pointer, String what, String hint) {
        problems.add(source.origin().problem(pointer, what, hint));
    }
}
