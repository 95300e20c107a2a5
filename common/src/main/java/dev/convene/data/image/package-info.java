/** Image files as pixels: decoding and resizing. No Spark. */
package dev.convene.data.image;
