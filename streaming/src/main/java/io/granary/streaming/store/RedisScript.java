package io.granary.streaming.store;

import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script, sent by its digest, and whole to a Redis that does not know it (a new one, a restarted one). */
record RedisScript(String text, String digest) {
    static RedisScript resource(String name) {
        try (InputStream in = RedisScript.class.getResourceAsStream(name)) {
            byte[] text = in.readAllBytes();
            byte[] digest = Digests.digest("SHA-1").digest(text);
            return new RedisScript(
                    new String(text, StandardCharsets.UTF_8), HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that runs it, by text or by digest. */
    CommandArguments command(boolean whole, List<String> keys, List<String> arguments) {
        return new CommandArguments(whole ? Protocol.Command.EVAL : Protocol.Command.EVALSHA)
                .add(whole ? text : digest)
                .add(keys.size())
                .addObjects(keys)
                .addObjects(arguments);
    }

    Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(digest, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(text, keys, arguments);
        }
    }
}
