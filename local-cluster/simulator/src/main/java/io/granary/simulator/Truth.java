package io.granary.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;

/**
 * What a correct warehouse must show for one simulated day (docs/contracts.md, section 13).
 *
 * @param brokenLines lines that cannot be parsed and must be found in quarantine
 * @param paidAmount sum over the orders placed on the day that are paid
 * @param orderChanges how often an order's status changed, its placing included
 * @param cost what the supplier charges for the pieces of the orders that are paid
 * @param monthTarget what is to be sold in the month, as the plan of the day has it
 */
public record Truth(
        int truthVersion,
        String site,
        LocalDate ds,
        long seed,
        long hits,
        long brokenLines,
        long bytes,
        long pageViews,
        long visitors,
        long impressions,
        long clicks,
        long orders,
        BigDecimal paidAmount,
        long orderChanges,
        BigDecimal cost,
        BigDecimal monthTarget,
        Map<Instant, Long> pageViewsByMinute,
        Map<Instant, Long> visitorsByMinute,
        Map<Instant, Long> impressionsByMinute,
        Map<Instant, Long> clicksByMinute) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DATE_KEYS_AS_TIMESTAMPS)
            .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static {
        JSON.configOverride(BigDecimal.class)
                .setFormat(com.fasterxml.jackson.annotation.JsonFormat.Value.forShape(
                        com.fasterxml.jackson.annotation.JsonFormat.Shape.STRING));
    }

    /** Writes {@code truth.json}. */
    public void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    public static Truth read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), Truth.class);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.DATA, "cannot read truth " + file + ": " + e, e);
        }
    }

    static Truth parse(String json) throws IOException {
        return JSON.readValue(json, Truth.class);
    }
}
