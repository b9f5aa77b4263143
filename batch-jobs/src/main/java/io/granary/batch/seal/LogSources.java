package io.granary.batch.seal;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The log sources of a project, as people name them. */
final class LogSources {
    private LogSources() {}

    static List<SourceNode> all(Manifest manifest) {
        return manifest.sources().stream().filter(SourceNode::isLog).toList();
    }

    /**
     * Those with these names; all when there are none.
     *
     * @throws GranaryException when there is no such source, or it is no log
     */
    static List<SourceNode> named(Manifest manifest, List<String> names) {
        List<SourceNode> sources = new ArrayList<>();
        for (String name : names) {
            SourceNode source = manifest.source(name)
                    .orElseThrow(() -> new GranaryException(
                            ErrorCode.NOT_FOUND, "there is no source '" + name + "'; log sources: " + list(manifest)));
            if (!source.isLog()) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        "source '" + name + "' is of type " + source.type()
                                + "; only log sources are collected and sealed: " + list(manifest));
            }
            sources.add(source);
        }
        return names.isEmpty() ? all(manifest) : List.copyOf(sources);
    }

    /**
     * The machines that collect a source, by the host groups that its files or its poll name.
     *
     * @return empty when some files name no group: then those that ever reported are expected
     * @throws GranaryException when the profile does not know a group
     */
    static Set<String> hosts(SourceNode source, Profile profile) {
        List<String> named = new ArrayList<>();
        source.files().forEach(files -> named.add(files.hosts()));
        if (source.poll() != null) {
            named.add(source.poll().hosts());
        }
        Set<String> hosts = new TreeSet<>();
        for (String name : named) {
            if (name == null) {
                return Set.of();
            }
            List<String> group = profile.hostGroups().get(name);
            if (group == null) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        source.id() + " names host group '" + name + "', which the profile does not have;"
                                + " host_groups there: " + profile.hostGroups().keySet());
            }
            hosts.addAll(group);
        }
        return hosts;
    }

    private static String list(Manifest manifest) {
        return all(manifest).stream().map(SourceNode::qualifiedName).collect(Collectors.joining(", "));
    }
}
