package io.granary.functions.agent;

import io.granary.functions.SqlFunction;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/** The functions over user agents. */
public final class AgentFunctions {
    public static final List<SqlFunction> ALL = List.of(
            SqlFunction.of(
                    "user_agent",
                    "user_agent(text): browser, browser_version, os, os_version, device_type and device that a user agent names",
                    UserAgents.class,
                    "parse",
                    UserAgents.SCHEMA,
                    DataTypes.StringType),
            SqlFunction.of(
                    "is_bot",
                    "is_bot(user_agent): whether it is a robot by the lists crawler-user-agents and isbot",
                    Bots.class,
                    "isBot",
                    DataTypes.BooleanType,
                    DataTypes.StringType),
            SqlFunction.of(
                    "bot_name",
                    "bot_name(user_agent): the robot's name for itself; NULL when is_bot is not true",
                    Bots.class,
                    "botName",
                    DataTypes.StringType,
                    DataTypes.StringType));

    private AgentFunctions() {}
}
