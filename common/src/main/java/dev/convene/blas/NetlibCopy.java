package dev.convene.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;

/**
 * A second copy of netlib's native side. The library that netlib has opened, or its failure to open
 * one, is in static fields of its class, which lasts as long as the class; a class loader of its
 * own has a class, and a library, of its own.
 */
final class NetlibCopy extends ClassLoader {
  /** What has to be in one package at run time; all other classes are those that MLlib sees. */
  private static final Set<String> COPIED =
      Set.of(NetlibJni.CLASS, "dev.ludovic.netlib.blas.AbstractBLAS");

  private NetlibCopy(ClassLoader netlib) {
    super(netlib);
  }

  /** Has a new copy open the library that netlib's system property names. */
  static BLAS load() throws ReflectiveOperationException {
    Class<?> copy =
        Class.forName(NetlibJni.CLASS, true, new NetlibCopy(BLAS.class.getClassLoader()));
    Method getInstance = copy.getMethod("getInstance");
    // A public method of a class that is not.
    getInstance.setAccessible(true);
    try {
      return (BLAS) getInstance.invoke(null);
    } catch (InvocationTargetException failure) {
      throw new ReflectiveOperationException(failure.getCause());
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!COPIED.contains(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? copied(name) : loaded;
    }
  }

  private Class<?> copied(String name) throws ClassNotFoundException {
    try (InputStream code = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (code == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = code.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException failure) {
      throw new ClassNotFoundException(name, failure);
    }
  }
}
