/** Puts the streaming job on YARN. */
package io.granary.streaming.submit;
