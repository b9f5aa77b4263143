/** What is counted: counters over streamable models, and the SQL of both. */
package io.granary.streaming.query;
