package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import org.apache.hadoop.fs.Path;

/** Where tables have their files: {@code <warehouse>/<database>/<table>}. */
record TableFolders(Path warehouse) {
    static TableFolders of(Profile profile) {
        return new TableFolders(new Path(new Path(profile.fs() + "/"), "granary/warehouse"));
    }

    Path of(TableName name) {
        return new Path(warehouse, name.database() + "/" + name.table());
    }

    String ofDatabase(String database) {
        return new Path(warehouse, database).toString();
    }
}
