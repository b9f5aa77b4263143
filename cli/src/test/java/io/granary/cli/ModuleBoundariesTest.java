package io.granary.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The module rules of the design: foundations below, siblings apart, an engine's name only where it is talked to. */
class ModuleBoundariesTest {
    private static final List<String> MODULES = List.of(
            "warehouse-sql",
            "sql-functions",
            "table-store",
            "ingestion/flume",
            "ingestion/sync",
            "batch-jobs",
            "streaming",
            "serving-api",
            "scheduler-dags",
            "local-cluster/control",
            "local-cluster/simulator",
            "local-cluster/hdfs",
            "local-cluster/kafka",
            "local-cluster/hive",
            "local-cluster/demo",
            "cli");
    private static final String[] FOUNDATIONS = {
        "io.granary.warehouse..", "io.granary.tablestore..", "io.granary.functions.."
    };

    /** Packages of the module sync beside that of its name. */
    private static final String[] FILES = {
        "io.granary.ingestion.file..",
        "io.granary.ingestion.inbox..",
        "io.granary.ingestion.pull..",
        "io.granary.ingestion.upload.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void importModules() {
        List<Path> folders = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = Path.of("..").resolve(module).resolve("target/classes");
            assertThat(Files.isDirectory(folder)).as("classes of " + module).isTrue();
            folders.add(folder);
        }
        classes = new ClassFileImporter().importPaths(folders);
        assertThat(classes.size()).isGreaterThan(100);
    }

    @Test
    void modulesUseFoundationsAndNoSibling() {
        for (String module : List.of(
                "io.granary.ingestion.flume..",
                "io.granary.ingestion.sync..",
                "io.granary.batch..",
                "io.granary.streaming..",
                "io.granary.serving..",
                "io.granary.scheduler..",
                "io.granary.simulator..",
                "io.granary.cli..")) {
            classes()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .onlyDependOnClassesThat(outsideGranary()
                            .or(JavaClass.Predicates.resideInAnyPackage(FOUNDATIONS))
                            .or(JavaClass.Predicates.resideInAPackage(module))
                            .or(JavaClass.Predicates.resideInAnyPackage(
                                    module.startsWith("io.granary.ingestion.sync") ? FILES : new String[] {module})))
                    .check(classes);
        }
    }

    @Test
    void foundationsKnowNoModule() {
        noClasses()
                .that()
                .resideInAnyPackage(FOUNDATIONS)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.granary..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(FOUNDATIONS))))
                .check(classes);
    }

    @Test
    void theProjectLibraryKnowsNoEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.granary.warehouse..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache..", "java.sql..", "redis..", "io.javalin..", "io.granary.tablestore..")
                .check(classes);
    }

    @Test
    void anEnginesNameAppearsOnlyWhereItIsTalkedTo() {
        Map<String, String[]> engines = Map.of(
                "org.apache.spark..",
                        new String[] {
                            "io.granary.functions..",
                            "io.granary.batch..",
                            "io.granary.streaming..",
                            "io.granary.ingestion.sync.spark..",
                            "io.granary.cluster.hive.."
                        },
                "org.apache.flume..", new String[] {"io.granary.ingestion.flume.."},
                "org.apache.kafka..",
                        new String[] {
                            "io.granary.ingestion.flume..",
                            "io.granary.batch.seal..",
                            "io.granary.streaming..",
                            "io.granary.cluster.kafka.."
                        },
                "redis.clients..",
                        new String[] {
                            "io.granary.streaming..",
                            "io.granary.serving..",
                            "io.granary.ingestion.sync.redis..",
                            "io.granary.ingestion.sync.export..",
                            "io.granary.cli.retire.."
                        },
                "io.javalin..", new String[] {"io.granary.serving.."},
                "org.apache.hadoop.hive.metastore..",
                        new String[] {"io.granary.tablestore..", "io.granary.cluster.hive.."},
                "org.apache.orc..", new String[] {"io.granary.ingestion.sync..", "io.granary.ingestion.file.."});
        engines.forEach((engine, modules) -> noClasses()
                .that()
                .resideOutsideOfPackages(modules)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(engine)
                .check(classes));
    }

    private static DescribedPredicate<JavaClass> outsideGranary() {
        return DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.granary.."));
    }
}
