package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Table;

/** The databases of the catalog, and how one goes with all that it has. */
public final class Databases {
    private final HiveCatalog catalog;
    private final FileSystem files;
    private final TableFolders folders;

    Databases(HiveCatalog catalog, FileSystem files, TableFolders folders) {
        this.catalog = catalog;
        this.files = files;
        this.folders = folders;
    }

    /** Of everybody, by name. */
    public List<String> names() {
        return catalog.databases().stream().sorted().toList();
    }

    /** Tables and views, by name. */
    public List<TableName> tables(String database) {
        return catalog.tables(database).stream()
                .map(table -> new TableName(table.getDbName(), table.getTableName()))
                .sorted((a, b) -> a.table().compareTo(b.table()))
                .toList();
    }

    /**
     * Drops a database with its tables, views, staging tables and files, where Granary puts them. Done again after it
     * died, it does the rest.
     *
     * @throws GranaryException when a table is in it that Granary did not make; nothing was dropped then
     */
    public void drop(String database) {
        List<Table> tables = catalog.tables(database);
        for (Table table : tables) {
            TableName name = new TableName(table.getDbName(), table.getTableName());
            if (!HiveCatalog.isView(table) && !TableVersions.isOurs(table, folders.of(name))) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        name + " was not made by Granary: it is at "
                                + table.getSd().getLocation()
                                + ". Drop it yourself, or move it to another database; nothing was dropped.");
            }
        }
        for (Table table : tables) {
            TableName name = new TableName(table.getDbName(), table.getTableName());
            catalog.tableNames(HiveTableStore.STAGING_DATABASE, database + "__" + table.getTableName() + "__*")
                    .forEach(catalog::dropTable);
            catalog.dropTable(name);
        }
        Path folder = new Path(folders.ofDatabase(database));
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot delete " + folder + ": " + e.getMessage(), e);
        }
        catalog.dropDatabase(database);
    }
}
