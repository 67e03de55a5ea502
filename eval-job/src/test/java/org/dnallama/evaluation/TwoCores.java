package org.dnallama.evaluation;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets the jobs of a test class run on an embedded Spark of two cores. */
final class TwoCores implements BeforeAllCallback, AfterAllCallback {

    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1",
            "spark.sql.shuffle.partitions", "2");

    @Override
    public void beforeAll(ExtensionContext context) {
        SPARK.forEach(System::setProperty);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        SPARK.keySet().forEach(System::clearProperty);
    }
}
