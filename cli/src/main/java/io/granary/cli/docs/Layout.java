package io.granary.cli.docs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Places the nodes of a graph in columns, from left to right by band (a layer), and so that edges cross and bend little
 * (Sugiyama's method: an edge over several columns gets a point to pass in each, the order in a column follows the mean of
 * the neighbours, and the heights are the nearest ones to those means that keep the order and the distance).
 */
final class Layout {
    private static final int SWEEPS = 12;

    /** A node, or a point that an edge passes. {@code y} is its middle. */
    static final class Spot {
        final String id;
        final int column;
        final boolean passing;
        final List<Spot> left = new ArrayList<>();
        final List<Spot> right = new ArrayList<>();
        double y;

        private Spot(String id, int column, boolean passing) {
            this.id = id;
            this.column = column;
            this.passing = passing;
        }
    }

    /** An edge and the places it goes over, its ends among them. */
    record Route(String from, String to, List<Spot> spots) {}

    private final Map<String, Integer> bands;
    private final List<List<String>> edges;
    private final Map<String, Spot> spots = new HashMap<>();
    private final List<List<Spot>> columns = new ArrayList<>();
    private final List<Integer> bandOfColumn = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final double nodeHeight;
    private final double gap;

    /**
     * @param bands from id to the band, in the order in which nodes shall stand where nothing else decides
     * @param edges pairs of ids
     */
    Layout(Map<String, Integer> bands, List<List<String>> edges, double nodeHeight, double gap) {
        this.bands = bands;
        this.edges = edges;
        this.nodeHeight = nodeHeight;
        this.gap = gap;
        place();
        route();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            order(sweep % 2 == 0);
        }
        heights();
    }

    List<List<Spot>> columns() {
        return columns;
    }

    int band(int column) {
        return bandOfColumn.get(column);
    }

    List<Route> routes() {
        return routes;
    }

    /** The lowest edge of all nodes. */
    double height() {
        return columns.stream()
                .flatMap(List::stream)
                .mapToDouble(s -> s.y + nodeHeight / 2)
                .max()
                .orElse(0);
    }

    /** A band has as many columns as nodes of it read each other in a row. */
    private void place() {
        Map<String, Integer> steps = new HashMap<>();
        bands.keySet().forEach(id -> steps(id, steps, new HashSet<>()));
        Set<Integer> keys = new TreeSet<>();
        bands.forEach((id, band) -> keys.add(key(id, steps)));
        List<Integer> sorted = List.copyOf(keys);
        for (int key : sorted) {
            columns.add(new ArrayList<>());
            bandOfColumn.add(key / 1000);
        }
        bands.forEach((id, band) -> {
            Spot spot = new Spot(id, sorted.indexOf(key(id, steps)), false);
            spots.put(id, spot);
            columns.get(spot.column).add(spot);
        });
    }

    private int key(String id, Map<String, Integer> steps) {
        return bands.get(id) * 1000 + Math.min(999, steps.get(id));
    }

    private int steps(String id, Map<String, Integer> known, Set<String> open) {
        if (known.containsKey(id)) {
            return known.get(id);
        }
        if (!open.add(id)) {
            return 0;
        }
        int most = 0;
        for (List<String> edge : edges) {
            if (edge.get(1).equals(id) && bands.get(edge.get(0)).equals(bands.get(id))) {
                most = Math.max(most, steps(edge.get(0), known, open) + 1);
            }
        }
        known.put(id, most);
        return most;
    }

    private void route() {
        for (List<String> edge : edges) {
            Spot from = spots.get(edge.get(0));
            Spot to = spots.get(edge.get(1));
            List<Spot> over = new ArrayList<>(List.of(from));
            for (int column = from.column + 1; column < to.column; column++) {
                Spot passing = new Spot("", column, true);
                columns.get(column).add(passing);
                over.add(passing);
            }
            over.add(to);
            for (int i = 1; i < over.size(); i++) {
                over.get(i - 1).right.add(over.get(i));
                over.get(i).left.add(over.get(i - 1));
            }
            routes.add(new Route(edge.get(0), edge.get(1), over));
        }
    }

    private void order(boolean fromLeft) {
        Map<Spot, Double> index = new HashMap<>();
        columns.forEach(column -> number(column, index));
        for (int i = 0; i < columns.size(); i++) {
            List<Spot> column = columns.get(fromLeft ? i : columns.size() - 1 - i);
            Map<Spot, Double> wish = new HashMap<>();
            for (Spot spot : column) {
                List<Spot> near = fromLeft ? spot.left : spot.right;
                wish.put(spot, near.stream().mapToDouble(index::get).average().orElse(index.get(spot)));
            }
            column.sort(Comparator.comparing(wish::get));
            number(column, index);
        }
    }

    /** Positions from 0 to 1, so that long and short columns compare. */
    private static void number(List<Spot> column, Map<Spot, Double> index) {
        for (int i = 0; i < column.size(); i++) {
            index.put(column.get(i), (i + 0.5) / column.size());
        }
    }

    private void heights() {
        for (List<Spot> column : columns) {
            double y = 0;
            for (int i = 0; i < column.size(); i++) {
                y += i == 0 ? 0 : distance(column.get(i - 1), column.get(i));
                column.get(i).y = y;
            }
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < columns.size(); i++) {
                settle(columns.get(sweep % 2 == 0 ? i : columns.size() - 1 - i));
            }
        }
        double top = columns.stream()
                .flatMap(List::stream)
                .mapToDouble(s -> s.y)
                .min()
                .orElse(0);
        columns.forEach(column -> column.forEach(s -> s.y += nodeHeight / 2 - top));
    }

    private double distance(Spot above, Spot below) {
        return (above.passing ? 4 : nodeHeight / 2) + (below.passing ? 4 : nodeHeight / 2) + gap;
    }

    /** Least squares under order and distance, by pooling neighbours that would overlap. */
    private void settle(List<Spot> column) {
        double[] offset = new double[column.size()];
        double[] sum = new double[column.size()];
        int[] count = new int[column.size()];
        int blocks = 0;
        for (int i = 0; i < column.size(); i++) {
            Spot spot = column.get(i);
            offset[i] = i == 0 ? 0 : offset[i - 1] + distance(column.get(i - 1), spot);
            sum[blocks] = wish(spot) - offset[i];
            count[blocks] = 1;
            blocks++;
            while (blocks > 1 && sum[blocks - 2] / count[blocks - 2] >= sum[blocks - 1] / count[blocks - 1]) {
                sum[blocks - 2] += sum[blocks - 1];
                count[blocks - 2] += count[blocks - 1];
                blocks--;
            }
        }
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (int n = 0; n < count[block]; n++, at++) {
                column.get(at).y = sum[block] / count[block] + offset[at];
            }
        }
    }

    private static double wish(Spot spot) {
        return java.util.stream.Stream.concat(spot.left.stream(), spot.right.stream())
                .mapToDouble(s -> s.y)
                .average()
                .orElse(spot.y);
    }
}
