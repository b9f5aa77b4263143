package io.granary.simulator;

/**
 * Somebody with a browser.
 *
 * @param cookie first-party id the ad server knows the browser by
 * @param userId user of the shop, or null when not signed in
 */
record Visitor(String clientIp, String userAgent, String cookie, Long userId) {}
