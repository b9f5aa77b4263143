package io.granary.ingestion.sync.jdbc;

import java.math.BigInteger;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.orc.TypeDescription;

/** BIT(n) of MariaDB and MySQL: a number without sign, sent as its bytes. */
final class MysqlBits {
    private MysqlBits() {}

    static CellReader reader(WireReaders.Wire wire, TypeDescription target) {
        if (isInteger(target)) {
            return (row, column, vector, at) -> {
                WireText bits = wire.read(row, column);
                if (bits == null) {
                    return CellReader.NULL;
                }
                ((LongColumnVector) vector).vector[at] = bits.bits();
                return bits.length();
            };
        }
        if (target.getCategory() != TypeDescription.Category.DECIMAL) {
            throw WireReaders.unknown(target);
        }
        return (row, column, vector, at) -> {
            WireText bits = wire.read(row, column);
            if (bits == null) {
                return CellReader.NULL;
            }
            BigInteger value = new BigInteger(Long.toUnsignedString(bits.bits()));
            ((DecimalColumnVector) vector).set(at, HiveDecimal.create(value));
            return bits.length();
        };
    }

    static boolean isInteger(TypeDescription target) {
        return switch (target.getCategory()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG -> true;
            default -> false;
        };
    }
}
