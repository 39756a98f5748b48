package dataservice.runtime;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A read-modify-write. */
record Update<T extends Message>(
    Function<Calls, T> read,
    Calls.Writer<T> write,
    UnaryOperator<T> change,
    String key,
    String etag) {
  private static final int CONFLICT_PAUSE_DIVISOR = 10;

  T run(Calls calls) {
    Policy policy = calls.policy();
    long end = System.nanoTime() + policy.timeout().toNanos();
    for (int conflicts = 1; ; conflicts++) {
      T before = read.apply(calls.withTimeout(until(end)));
      T after = change.apply(before);
      FieldMask mask = difference(before, after);
      if (mask.getPathsCount() == 0) {
        return before;
      }
      try {
        return write.write(calls.withTimeout(until(end)), part(before, after, mask), mask);
      } catch (VersionMismatchException mismatch) {
        // Other writers are fast.
        long pause = policy.pause(conflicts) / CONFLICT_PAUSE_DIVISOR;
        if (conflicts >= policy.maxConflicts() || until(end).toNanos() <= pause || !slept(pause)) {
          throw mismatch;
        }
      }
    }
  }

  private static Duration until(long end) {
    return Duration.ofNanos(Math.max(end - System.nanoTime(), 1));
  }

  private static boolean slept(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The fields that differ, except for the version. */
  private FieldMask difference(T before, T after) {
    FieldMask.Builder mask = FieldMask.newBuilder();
    for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
      String name = field.getName();
      if (name.equals(etag) || isSame(field, before, after)) {
        continue;
      }
      if (name.equals(key)) {
        throw new IllegalArgumentException("the key " + name + " cannot be changed");
      }
      mask.addPaths(name);
    }
    return mask.build();
  }

  private static boolean isSame(FieldDescriptor field, Message before, Message after) {
    return (!field.hasPresence() || before.hasField(field) == after.hasField(field))
        && before.getField(field).equals(after.getField(field));
  }

  /** The fields that the mask names, with the key and the version that was read. */
  @SuppressWarnings("unchecked") // the builder of a T builds a T
  private T part(T before, T after, FieldMask mask) {
    Message.Builder builder = before.newBuilderForType();
    for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
      String name = field.getName();
      boolean isOld = name.equals(key) || name.equals(etag);
      Message source = isOld ? before : after;
      boolean isSet =
          field.isRepeated() ? source.getRepeatedFieldCount(field) > 0 : source.hasField(field);
      if (isSet && (isOld || mask.getPathsList().contains(name))) {
        builder.setField(field, source.getField(field));
      }
    }
    return (T) builder.build();
  }
}
