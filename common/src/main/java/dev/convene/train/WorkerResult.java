package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What a task of a round sends back. Results of different BLAS differ in their last bits.
 *
 * @param host that it ran on
 * @param blas that it computed with
 */
@DefaultSerializer(JavaSerializer.class)
record WorkerResult<T>(T value, String host, String blas) implements Serializable {

  <U> WorkerResult<U> with(U other) {
    return new WorkerResult<>(other, host, blas);
  }
}
