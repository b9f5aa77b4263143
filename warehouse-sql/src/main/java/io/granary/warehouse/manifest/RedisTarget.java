package io.granary.warehouse.manifest;

/**
 * The attributes in Redis that an export fills (docs/contracts.md, section 9).
 *
 * @param id column whose value names an entity, such as {@code user_id}; every other column is an attribute
 * @param prefix what kind of entity it is, such as {@code user}: the keys begin with {@code g:user:}
 */
public record RedisTarget(String id, String prefix) {}
