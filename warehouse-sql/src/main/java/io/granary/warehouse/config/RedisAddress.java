package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is, of a profile's {@code redis}: {@code redis://[user:password@]host:port[/database]}, with TLS
 * {@code rediss://…}; of Redis Cluster some of its nodes, {@code redis+cluster://[user:password@]host:port,host:port}.
 *
 * @param nodes one address, or those of a cluster's nodes, each as {@code redis://} or {@code rediss://}
 */
public record RedisAddress(List<URI> nodes, boolean isCluster) {
    private static final Pattern ADDRESS = Pattern.compile("(rediss?)(\\+cluster)?://([^/@]*@)?([^/@]+)(/\\d*)?");
    private static final Pattern NODE = Pattern.compile("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):\\d{1,5}");

    public RedisAddress {
        nodes = List.copyOf(nodes);
    }

    /** @throws GranaryException DEFINITION when it is no such address; the message does not repeat it, it may hold a password */
    public static RedisAddress parse(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            throw bad("");
        }
        boolean isCluster = matcher.group(2) != null;
        String database = matcher.group(5) == null ? "" : matcher.group(5);
        String[] hosts = matcher.group(4).split(",", -1);
        if (isCluster && database.length() > 1) {
            throw bad(" Redis Cluster has one database: leave '" + database + "' out.");
        }
        if (!isCluster && hosts.length > 1) {
            throw bad(" Several nodes are those of a cluster: redis+cluster://.");
        }
        List<URI> nodes = new ArrayList<>();
        for (String host : hosts) {
            if (!NODE.matcher(host).matches()) {
                throw bad(" '" + host + "' is no host:port.");
            }
            String user = matcher.group(3) == null ? "" : matcher.group(3);
            nodes.add(URI.create(matcher.group(1) + "://" + user + host + (isCluster ? "" : database)));
        }
        return new RedisAddress(nodes, isCluster);
    }

    /** The same without user and password, for messages. */
    @Override
    public String toString() {
        List<String> hosts = nodes.stream()
                .map(node -> node.getHost() + ":" + node.getPort())
                .toList();
        return nodes.get(0).getScheme() + (isCluster ? "+cluster" : "") + "://" + String.join(",", hosts)
                + nodes.get(0).getPath();
    }

    private static GranaryException bad(String why) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "the profile's redis is no address of a Redis." + why + " Write it as redis://127.0.0.1:6379, or as"
                        + " redis+cluster://node-1:6379,node-2:6379.");
    }
}
