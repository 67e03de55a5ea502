package org.dnallama.labelled;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads Parquet with DuckDB, which shares no code with Spark. */
public final class Duck {

    private Duck() {}

    /**
     * Runs SQL over a view {@code rows}.
     *
     * @param files pattern of Parquet files
     * @param sql a query
     * @return its rows, each with the columns joined by a bar
     * @throws SQLException if it fails
     */
    public static List<String> query(Path files, String sql) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            duck.createStatement()
                    .execute("CREATE VIEW rows AS SELECT * FROM read_parquet('" + files
                            + "', hive_partitioning = true, filename = true, file_row_number = true)");
            List<String> lines = new ArrayList<>();
            try (ResultSet result = duck.createStatement().executeQuery(sql)) {
                while (result.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        cells.add(String.valueOf(result.getObject(i)));
                    }
                    lines.add(String.join("|", cells));
                }
            }
            return lines;
        }
    }
}
