/** Verbs for people who want to know what is counted, and how far it is. */
package io.granary.streaming.verbs;
