/** The settings: each declared once, read from HOCON and the command line, checked up front. */
package dev.convene.config;
