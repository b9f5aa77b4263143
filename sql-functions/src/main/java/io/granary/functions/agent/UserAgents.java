package io.granary.functions.agent;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code user_agent(text)}: what a user agent says of itself. Browser, operating system and device are families of
 * uap-core; versions have up to three parts. {@code device_type} is one of {@code desktop}, {@code mobile},
 * {@code tablet}, {@code tv}, {@code bot} (just when {@code is_bot}) and {@code other}. What is not known is NULL.
 */
public final class UserAgents {
    /** What {@code user_agent} returns. */
    public static final StructType SCHEMA = new StructType()
            .add("browser", DataTypes.StringType)
            .add("browser_version", DataTypes.StringType)
            .add("os", DataTypes.StringType)
            .add("os_version", DataTypes.StringType)
            .add("device_type", DataTypes.StringType)
            .add("device", DataTypes.StringType);

    private static final int CACHE_PLACES = 1 << 14;

    /** Not loaded before the first call. */
    private static final class Lists {
        private static final AgentParser PARSER = new AgentParser(AgentLists.rules("uap-core/regexes.yaml"));
        private static final DeviceType TYPES = new DeviceType(AgentLists.lines("device-types.txt"));
        private static final TextCache<InternalRow> PARSED = new TextCache<>(CACHE_PLACES, UserAgents::row);
    }

    private UserAgents() {}

    /** Called by the generated code of queries. The row is shared: it must not be changed. */
    public static InternalRow parse(UTF8String agent) {
        return Lists.PARSED.of(agent);
    }

    static AgentParser parser() {
        return Lists.PARSER;
    }

    static InternalRow row(String whole) {
        String agent = Bots.beginning(whole);
        AgentParser.Product browser = Lists.PARSER.browser(agent);
        AgentParser.Product system = Lists.PARSER.system(agent);
        String type = Bots.name(agent) != null ? "bot" : Lists.TYPES.of(agent);
        return new GenericInternalRow(new Object[] {
            browser == null ? null : known(browser.family()),
            browser == null ? null : UTF8String.fromString(browser.version()),
            system == null ? null : known(system.family()),
            system == null ? null : UTF8String.fromString(system.version()),
            UTF8String.fromString(type),
            device(type, agent)
        });
    }

    /** Robots have no device, and {@code K} is what Chrome writes where it hides the model. */
    private static UTF8String device(String type, String agent) {
        String device = type.equals("bot") ? null : Lists.PARSER.device(agent);
        return device == null || device.equals("K") || device.equals("Spider") ? null : known(device);
    }

    private static UTF8String known(String family) {
        return family.equals("Other") ? null : UTF8String.fromString(family);
    }
}
