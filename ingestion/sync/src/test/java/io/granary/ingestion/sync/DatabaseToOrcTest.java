package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;
import org.junit.jupiter.api.*;
import org.junit.jupiter.api.io.TempDir;
import java.nio.file.Path;
import java.sql.*;

class DatabaseToOrcTest {
    @TempDir static Path folder;
    @Test
    void probe() throws Exception {
        long t0 = System.nanoTime();
        try (MariaDbServer server = MariaDbServer.start(folder); Connection c = server.connect("shop"); Statement s = c.createStatement()) {
            System.out.println("start " + (System.nanoTime()-t0)/1e9);
            s.execute("set sql_mode=''");
            s.execute("create table t(a tinyint(1), b int unsigned, c bigint unsigned, d decimal(20,4), e datetime(6), f timestamp null, g date, h year, i time(3), j float, k double, l json, m uuid, n inet6, o enum('a','b'), p set('x','y'), q bit(3), r bigint(20) unsigned zerofill, u varchar(10) character set latin1, v blob, w char(5), x decimal(65,30), z tinyint unsigned comment 'hi')");
            s.execute("insert into t(e,f,g,i,h) values ('0000-00-00 00:00:00','0000-00-00 00:00:00','0000-00-00','-12:01:02.5', 2024),('2024-00-10 00:00:00','2024-01-10 00:00:00','2024-00-00',null, 0),('0001-01-01','2024-01-10 00:00:00.5','1500-02-28',null, 0)");
            Database d = Database.open(Fixture.profile(folder.resolve("h"), server).connection("shop"));
            try (ResultSet r = d.jdbc().getMetaData().getColumns("shop", null, "t", "%")) {
                while (r.next()) System.out.println(r.getString("COLUMN_NAME")+" | "+r.getString("TYPE_NAME")+" | "+r.getInt("DATA_TYPE")+" | "+r.getInt("COLUMN_SIZE")+" | "+r.getInt("DECIMAL_DIGITS")+" | "+r.getString("REMARKS"));
            }
            try (Statement st = d.jdbc().createStatement(); ResultSet r = st.executeQuery("select e,f,g,i,h from t")) {
                while (r.next()) System.out.println(r.getString(1)+" | "+r.getString(2)+" | "+r.getString(3)+" | "+r.getString(4)+" | "+r.getString(5));
            }
            d.close();
        }
    }
}
