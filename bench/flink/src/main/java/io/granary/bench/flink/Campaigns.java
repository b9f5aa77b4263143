package io.granary.bench.flink;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The campaign of each ad, by its text, and in a hash table of bytes, so that no text has to be made for a lookup. */
final class Campaigns implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[][] ads;
    private final int[] campaigns;
    private final Map<String, Integer> byName = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    private Campaigns(int slots) {
        this.ads = new byte[slots][];
        this.campaigns = new int[slots];
    }

    /** Reads lines of ad, comma, campaign. */
    static Campaigns read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Campaigns table = new Campaigns(Integer.highestOneBit(lines.size() * 4));
        for (String line : lines) {
            int comma = line.indexOf(',');
            table.put(line.substring(0, comma).getBytes(StandardCharsets.UTF_8), line.substring(comma + 1));
        }
        return table;
    }

    private void put(byte[] ad, String campaign) {
        int number = names.indexOf(campaign);
        if (number < 0) {
            number = names.size();
            names.add(campaign);
        }
        byName.put(new String(ad, StandardCharsets.UTF_8), number);
        int slot = hash(ad, 0, ad.length) & ads.length - 1;
        while (ads[slot] != null) {
            slot = slot + 1 & ads.length - 1;
        }
        ads[slot] = ad;
        campaigns[slot] = number;
    }

    private static int hash(byte[] a, int from, int length) {
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + a[i];
        }
        return hash ^ hash >>> 16;
    }

    int count() {
        return names.size();
    }

    String name(int campaign) {
        return names.get(campaign);
    }

    /** Number of the campaign, -1 when no campaign has the ad. */
    int of(AdView view) {
        if (view.name != null) {
            return byName.getOrDefault(view.name, -1);
        }
        int from = view.ad;
        int slot = hash(view.bytes, from, view.adLength) & ads.length - 1;
        while (ads[slot] != null) {
            byte[] ad = ads[slot];
            if (Arrays.equals(ad, 0, ad.length, view.bytes, from, from + view.adLength)) {
                return campaigns[slot];
            }
            slot = slot + 1 & ads.length - 1;
        }
        return -1;
    }
}
