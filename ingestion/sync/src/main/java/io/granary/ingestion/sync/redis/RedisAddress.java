package io.granary.ingestion.sync.redis;

import io.granary.ingestion.sync.job.RedisWriter;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.URI;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.JedisURIHelper;

/** Where a job's Redis is. A job names it without user and password; those of the profile go only to the profile's own Redis. */
public final class RedisAddress {
    private RedisAddress() {}

    /** The profile's Redis as a job writes it: {@code redis://host:port/database}. */
    public static String of(Profile profile) {
        return bare(uri("redis of the profile", profile.redis()));
    }

    /** A client of the profile's Redis. */
    public static UnifiedJedis open(Profile profile) {
        return RedisClient.create(uri("redis of the profile", profile.redis()));
    }

    static UnifiedJedis open(RedisWriter to, Profile profile) {
        URI uri = uri("rediswriter: key 'uri'", to.uri());
        if (to.password() != null) {
            if (to.password().startsWith("${connection:")) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "rediswriter: password is " + to.password()
                                + "; that of a Redis is ${env:NAME} or ${file:path}");
            }
            return RedisClient.builder()
                    .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                    .clientConfig(DefaultJedisClientConfig.builder(uri)
                            .password(profile.resolve(to.password()))
                            .build())
                    .build();
        }
        return bare(uri).equals(of(profile)) ? open(profile) : RedisClient.create(uri);
    }

    private static String bare(URI uri) {
        return uri.getScheme() + "://" + JedisURIHelper.getHostAndPort(uri) + "/" + JedisURIHelper.getDBIndex(uri);
    }

    private static URI uri(String what, String text) {
        try {
            URI uri = URI.create(text);
            if (JedisURIHelper.isValid(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below, without the text, which may hold a password
        }
        throw new GranaryException(ErrorCode.DEFINITION, what + " is no address such as redis://127.0.0.1:6379");
    }
}
