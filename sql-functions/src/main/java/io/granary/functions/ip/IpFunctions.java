package io.granary.functions.ip;

import io.granary.functions.SqlFunction;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/** The functions over IP addresses. */
public final class IpFunctions {
    public static final List<SqlFunction> ALL = List.of(
            SqlFunction.of(
                    "ip_class",
                    "ip_class(ip): private, loopback, link_local, carrier_nat, multicast, documentation, reserved, public or invalid",
                    IpClass.class,
                    "of",
                    DataTypes.StringType,
                    DataTypes.StringType),
            SqlFunction.of(
                    "ip_prefix",
                    "ip_prefix(ip, bits4, bits6): the network of an IPv4 or IPv6 address, as 203.0.113.0/24",
                    IpPrefix.class,
                    "of",
                    DataTypes.StringType,
                    DataTypes.StringType,
                    DataTypes.IntegerType,
                    DataTypes.IntegerType));

    private IpFunctions() {}
}
