package io.granary.ingestion.flume;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where an agent runs.
 *
 * @param group host group that it is one of; null for the agent of a state folder, which collects every source and its
 *     inbox
 * @param host its name in records and landing files; of a group, how Flume finds it there
 * @param state folder of its position files
 * @param inbox folder where people put files; null for a group
 */
record AgentPlace(String group, String host, String state, Path inbox) {
    /** System property with the start of the agent, milliseconds since 1970: it makes names of landing files unique. */
    static final String STARTED = "granary.agent.started";
    /** Environment variable with the host's name, for the agents of a group. */
    static final String HOST = "GRANARY_HOST";
    /** Environment variable with the folder of position files, for the agents of a group. */
    static final String STATE = "GRANARY_STATE";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** The agent of a state folder. */
    static AgentPlace home(Home home, String host) {
        if (!NAME.matcher(host).matches() || host.equals(Records.INBOX)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "host name '" + host + "' cannot be used: give letters, digits, '.', '_' and '-' with --host, and"
                            + " not '" + Records.INBOX + "'");
        }
        return new AgentPlace(null, host, home.data("flume").toString(), home.inbox());
    }

    /**
     * Any agent of a host group.
     *
     * @throws GranaryException when the profile has no such group
     */
    static AgentPlace group(Profile profile, String group) {
        if (!profile.hostGroups().containsKey(group)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "profile " + profile.name() + " has no host group '" + group + "'; its host_groups has "
                            + profile.hostGroups().keySet() + ". Add host_groups: {" + group
                            + ": [<host>, …]} to the profile.");
        }
        return new AgentPlace(group, "${env:" + HOST + "}", "${env:" + STATE + "}", null);
    }

    /** Where the agent keeps what it must remember of a source. */
    String positionFile(SourceNode source) {
        return state + "/positions-" + source.qualifiedName() + ".json";
    }

    /** Where the agent keeps the changed rows of a polled table. */
    String journal(SourceNode source) {
        return state + "/poll/" + source.qualifiedName();
    }

    /** Where a person puts files of a source: one folder a site. */
    Path inbox(SourceNode source) {
        return inbox.resolve(source.qualifiedName());
    }

    /** What names of its landing files begin with; Flume adds a number that is never the same. */
    String landingPrefix() {
        return group == null ? host + "-${sys:" + STARTED + "}" : host;
    }
}
