package dev.convene.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;

/**
 * Serializes byte arrays, {@code Long}s and nulls, and costs nothing to set up: Kryo, which Spark
 * makes anew for each task that reads a shuffle, takes milliseconds for that.
 */
final class ByteSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int NULL = 0;
  private static final int LONG = 1;
  private static final int BYTES = 2;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  /** Records stand for themselves, so that Spark may sort them as they are. */
  @Override
  public boolean supportsRelocationOfSerializedObjects() {
    return true;
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> type) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      serializeStream(bytes).writeObject(value, type).close();
      return ByteBuffer.wrap(bytes.toByteArray());
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return deserializeStream(new ByteArrayInputStream(copy)).readObject(type);
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      return deserialize(bytes, type);
    }

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writing(new DataOutputStream(out));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reading(new DataInputStream(in));
    }
  }

  private static final class Writing extends SerializationStream {
    private final DataOutputStream out;

    Writing(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> type) {
      try {
        if (value == null) {
          out.writeByte(NULL);
        } else if (value instanceof Long number) {
          out.writeByte(LONG);
          out.writeLong(number);
        } else if (value instanceof byte[] bytes) {
          out.writeByte(BYTES);
          out.writeInt(bytes.length);
          out.write(bytes);
        } else {
          throw new IllegalArgumentException(value.getClass() + " is neither bytes nor a Long");
        }
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reading extends DeserializationStream {
    private final DataInputStream in;

    Reading(DataInputStream in) {
      this.in = in;
    }

    // Spark takes an EOFException, thrown as it is, for the end.
    @Override
    @SuppressWarnings("unchecked")
    public <T> T readObject(ClassTag<T> type) {
      try {
        return switch (in.readByte()) {
          case NULL -> null;
          case LONG -> (T) (Long) in.readLong();
          default -> {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            yield (T) bytes;
          }
        };
      } catch (IOException e) {
        throw ExceptionUtils.<RuntimeException>rethrow(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
